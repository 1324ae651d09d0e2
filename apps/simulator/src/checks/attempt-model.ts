import type { Deployment, Ledger } from "@windlass/deployment";
import type { ControlTruth } from "../world/truth.ts";

/** What was interrupted is tried again by itself so often. */
const INTERRUPTED_RETRIES = 3;
/** Minutes before the second, third and every later attempt. */
const BACKOFF_MINUTES = [1, 5, 15] as const;
const MINUTE = 60_000;

const ACTIVE = ["waiting", "launching", "running"];

/** How one digest's attempts have ended since a person, or a new target, let them begin anew. */
interface Ends {
  failed: number;
  interrupted: number;
  /** A person had asked one of them to stop. */
  cancelled: boolean;
  lastAt: number;
}

/** Counts attempts by how each version of the ledger says that they ended, in a way of its own. */
export interface AttemptModel {
  /** One version of the ledger, with the controls that it is the first to have applied. */
  note(before: Ledger | null, ledger: Ledger, applied: readonly ControlTruth[]): void;
  /** Why this deployment may not have been started by itself when it was; null where it may. */
  refuse(deployment: Pick<Deployment, "image" | "digest" | "launchedAt">, retries: number): string | null;
}

export function createAttemptModel(): AttemptModel {
  const images = new Map<string, Map<string, Ends>>();

  function count({ image, digest, state, cancel, endedAt }: Deployment): void {
    const ofImage = images.get(image) ?? new Map<string, Ends>();
    images.set(image, ofImage);
    if (state === "succeeded") return void ofImage.delete(digest);
    if (!["failed", "lost", "never-started", "cancelled"].includes(state)) return;
    const ends = ofImage.get(digest) ?? { failed: 0, interrupted: 0, cancelled: false, lastAt: 0 };
    ofImage.set(digest, ends);
    if (state === "failed") ends.failed += 1;
    else if (state !== "cancelled") ends.interrupted += 1;
    ends.cancelled ||= state === "cancelled" || cancel !== null;
    ends.lastAt = Date.parse(endedAt ?? "");
  }

  return {
    note(before, ledger, applied) {
      // In the order of a tick: what ended, then whether its image has another target, then what people asked for.
      for (const deployment of Object.values(ledger.deployments)) {
        if (!ACTIVE.includes(deployment.state) && !hasEnded(before?.deployments[deployment.id])) count(deployment);
      }
      for (const image of Object.keys(ledger.images)) {
        if (targetIn(before, image) !== targetIn(ledger, image)) images.delete(image);
      }
      for (const { kind, image } of applied) if (kind === "retry" || kind === "unblock") images.delete(image);
    },
    refuse({ image, digest, launchedAt }, retries) {
      const ends = images.get(image)?.get(digest);
      if (ends === undefined) return null;
      const { failed, interrupted, cancelled, lastAt } = ends;
      if (cancelled) return "a person had cancelled it";
      if (failed > retries) return `it had failed ${failed} times, of ${retries} retries`;
      if (interrupted > INTERRUPTED_RETRIES) return `it was interrupted ${interrupted} times`;
      const minutes = BACKOFF_MINUTES[Math.min(failed + interrupted, BACKOFF_MINUTES.length) - 1] ?? 0;
      const waited = Date.parse(launchedAt ?? "") - lastAt;
      if (waited >= minutes * MINUTE) return null;
      return `it came ${Math.round(waited / 1000)} s after the last attempt had ended, and not ${minutes} minutes`;
    },
  };
}

function hasEnded(deployment: Deployment | undefined): boolean {
  return deployment !== undefined && !ACTIVE.includes(deployment.state);
}

/** What should run: a new one lets attempts begin anew, as does going back to an older one. */
function targetIn(ledger: Ledger | null, image: string): string | null {
  const record = ledger?.images[image];
  if (record === undefined) return null;
  return record.hold === null ? (record.head?.digest ?? null) : record.hold.digest;
}
