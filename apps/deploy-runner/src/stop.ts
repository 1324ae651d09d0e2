/** Why a deployment is to stop. */
export type StopReason =
  /** The instance or the process is being stopped. */
  | { readonly kind: "interrupted"; readonly signal: string }
  /** A person asked for it, through `cancel.json`. */
  | { readonly kind: "cancelled"; readonly by: string; readonly reason: string }
  /** The image's own time limit. */
  | { readonly kind: "timeout"; readonly seconds: number }
  /** The lease could not be renewed: the Lambda may soon take this instance for dead. */
  | { readonly kind: "fenced"; readonly seconds: number }
  /** Another's lease is in the place of one's own; it is not overwritten. */
  | { readonly kind: "displaced"; readonly problem: string };

/** One deployment's request to stop: it may come from several sides, and is never taken back. */
export interface Stop {
  request(reason: StopReason): void;
  /** The first reason, which is the one that is reported; null as long as nobody asked. */
  readonly reason: StopReason | null;
  /** Aborted by the first request. */
  readonly signal: AbortSignal;
  /** Told every request, those before the call included; the returned function ends that. */
  onRequest(listener: (reason: StopReason) => void): () => void;
}

export function createStop(): Stop {
  const reasons: StopReason[] = [];
  const listeners = new Set<(reason: StopReason) => void>();
  const controller = new AbortController();
  return {
    request(reason) {
      reasons.push(reason);
      controller.abort();
      for (const listener of listeners) listener(reason);
    },
    get reason() {
      return reasons[0] ?? null;
    },
    signal: controller.signal,
    onRequest(listener) {
      listeners.add(listener);
      reasons.forEach(listener);
      return () => void listeners.delete(listener);
    },
  };
}
