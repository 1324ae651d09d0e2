import type { Ledger } from "@windlass/deployment";
import type { Sim } from "../core/sim.ts";
import type { ControlTruth } from "../world/truth.ts";

/**
 * What people's controls come to, reckoned from what they asked for and from which of it a version of the ledger says that it
 * was applied: not from what that ledger makes of it.
 */
export interface ControlModel {
  /** One version of the ledger: gives the controls that it is the first to have applied, in the order of their keys. */
  note(before: Ledger | null, ledger: Ledger): readonly ControlTruth[];
  readonly isPaused: () => boolean;
  /** The digests that a hold allows; null where nobody holds the image. */
  readonly heldAt: (image: string) => readonly string[] | null;
  /** The requests to deploy now that no start has used. */
  readonly allowances: (image: string) => readonly string[];
  /** A start uses up all of them, inside of the window as well. */
  spend(image: string): void;
  /** When somebody's request to cancel was last applied; null: never. */
  readonly cancelledAt: (image: string) => number | null;
}

export function createControlModel({ truth, scheduler }: Pick<Sim, "truth" | "scheduler">): ControlModel {
  const holds = new Map<string, readonly string[]>();
  const allowed = new Map<string, string[]>();
  const cancels = new Map<string, number>();
  let paused = false;

  function apply({ id, kind, image, digest }: ControlTruth, versions: readonly (Ledger | null)[]): void {
    switch (kind) {
      case "pause":
        paused = true;
        // A permission that was given before does not outlive it.
        allowed.clear();
        return;
      case "resume":
        paused = false;
        return;
      case "hold":
        // Without a digest: what is live, as the tick found it or as it has just become.
        holds.set(image, digest === null ? versions.flatMap((ledger) => liveIn(ledger, image)) : [digest]);
        return;
      case "unhold":
        holds.delete(image);
        return;
      case "deploy-now":
        if (!paused) allowed.set(image, [...(allowed.get(image) ?? []), id]);
        return;
      case "cancel":
        cancels.set(image, scheduler.now());
        return;
      case "retry":
      case "unblock":
        return;
    }
  }

  return {
    note(before, ledger) {
      const fresh = truth.controls
        .filter(({ id, appliedAt }) => appliedAt === null && id in ledger.appliedControls)
        .toSorted((one, other) => (one.key < other.key ? -1 : 1));
      for (const control of fresh) {
        control.appliedAt = scheduler.now();
        apply(control, [before, ledger]);
      }
      return fresh;
    },
    isPaused: () => paused,
    heldAt: (image) => holds.get(image) ?? null,
    allowances: (image) => allowed.get(image) ?? [],
    spend: (image) => void allowed.delete(image),
    cancelledAt: (image) => cancels.get(image) ?? null,
  };
}

function liveIn(ledger: Ledger | null, image: string): readonly string[] {
  const digest = ledger?.images[image]?.live?.digest;
  return digest === undefined ? [] : [digest];
}
