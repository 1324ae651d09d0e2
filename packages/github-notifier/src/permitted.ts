import { GitHubNotifierError } from "./github-notifier-error.ts";
import type { WritePermit } from "./github-task.ts";

/** Throws `permit-ended` where no more may be written: call it right before each write. */
export function requirePermit(permit: WritePermit): void {
  if (!permit.signal.aborted && permit.mayWrite()) return;
  throw new GitHubNotifierError({ code: "permit-ended", message: "no more may be written to GitHub for now" });
}
