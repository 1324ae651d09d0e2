import { permitEnded } from "./permitted.ts";

/**
 * What is started, or `permit-ended` as soon as the signal is aborted; then nothing is started any more. Only the waiting
 * ends: what was sent may have its effect all the same.
 */
export function untilAborted<T>(start: () => Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(permitEnded());
    const abort = () => reject(permitEnded());
    signal.addEventListener("abort", abort, { once: true });
    start()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener("abort", abort));
  });
}
