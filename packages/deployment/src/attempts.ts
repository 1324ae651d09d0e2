import type { Image } from "@windlass/account-mapping";
import { type DeploymentId, type ImageDigest, type Instant, toInstant } from "./identifiers.ts";
import type { Attempts, ImageRecord } from "./ledger.ts";
import type { Outcome } from "./outcome.ts";

/** A deployment that never started or got lost is tried again this often. */
export const INTERRUPTED_RETRIES = 3;

const BACKOFF_MINUTES = [1, 5, 15] as const;
const MINUTE = 60_000;

/** What was tried with this digest; null where nothing was. */
export function attemptsAt(
  { attempts }: Pick<ImageRecord, "attempts">,
  digest: ImageDigest | undefined,
): Attempts | null {
  return attempts?.digest === digest ? attempts : null;
}

/** The attempts after one more has ended; `stopped`: a person had asked it to stop. */
export function countAttempt(
  before: Attempts | null,
  ended: {
    readonly id: DeploymentId;
    readonly digest: ImageDigest;
    readonly outcome: Outcome;
    readonly stopped: boolean;
  },
  now: Date,
): Attempts {
  const last = { deployment: ended.id, outcome: ended.outcome };
  const base: Attempts =
    before?.digest === ended.digest
      ? before
      : { digest: ended.digest, failed: 0, interrupted: 0, cancelled: false, notBefore: null, last };
  const failed = base.failed + (ended.outcome === "failed" ? 1 : 0);
  const interrupted = base.interrupted + (ended.outcome === "lost" || ended.outcome === "never-started" ? 1 : 0);
  return {
    ...base,
    failed,
    interrupted,
    cancelled: base.cancelled || ended.outcome === "cancelled" || ended.stopped,
    notBefore: backOff(failed + interrupted, now),
    last,
  };
}

function backOff(attempts: number, now: Date): Instant | null {
  const minutes = BACKOFF_MINUTES[Math.min(attempts, BACKOFF_MINUTES.length) - 1];
  return minutes === undefined ? null : toInstant(new Date(now.getTime() + minutes * MINUTE));
}

export interface Quarantine {
  readonly outcome: Outcome;
  readonly attempts: number;
  readonly of: number;
}

/** Why this digest is not tried again by itself; null where it may be. */
export function quarantineOf(attempts: Attempts | null, image: Pick<Image, "retries">): Quarantine | null {
  if (attempts === null) return null;
  if (attempts.cancelled) return { outcome: "cancelled", attempts: attemptsMade(attempts), of: attemptsMade(attempts) };
  if (attempts.failed > image.retries) {
    return { outcome: "failed", attempts: attempts.failed, of: image.retries + 1 };
  }
  if (attempts.interrupted > INTERRUPTED_RETRIES) {
    return { outcome: attempts.last.outcome, attempts: attempts.interrupted, of: INTERRUPTED_RETRIES + 1 };
  }
  return null;
}

export function attemptsMade(attempts: Attempts | null): number {
  return attempts === null ? 0 : attempts.failed + attempts.interrupted + (attempts.cancelled ? 1 : 0);
}
