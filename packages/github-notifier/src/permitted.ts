import { GitHubNotifierError } from "./github-notifier-error.ts";
import type { WritePermit } from "./github-task.ts";
import { requireId } from "./usable-answers.ts";

/** What is known of one place while it is shown, for when that does not come to its end. */
export interface PlaceWatch {
  /** Remembers and returns the id of what is there; throws `answer-unusable` where it is none. */
  keep(id: unknown): number;
  /** The id that was kept last. */
  keptId(): number | null;
  /** Notes that a write is about to be sent. */
  noteWrite(): void;
  /** Whether anything there may be other than before. */
  isTouched(): boolean;
}

export function watchPlace(): PlaceWatch {
  let kept: number | null = null;
  let touched = false;
  return {
    keep(id) {
      kept = requireId(id);
      return kept;
    },
    keptId: () => kept,
    noteWrite() {
      touched = true;
    },
    isTouched: () => touched,
  };
}

/** Throws `permit-ended` where no more may be written: for right before a write is sent. */
export function requirePermit(permit: WritePermit): void {
  if (permit.signal.aborted || !permit.mayWrite()) throw permitEnded();
}

export function permitEnded(): GitHubNotifierError {
  return new GitHubNotifierError({ code: "permit-ended", message: "no more may be asked of GitHub for now" });
}

export function isPermitEnded(error: unknown): boolean {
  return error instanceof GitHubNotifierError && error.code === "permit-ended";
}
