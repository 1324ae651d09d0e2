import type { GroupRefresh } from "./ledger.ts";
import type { RefreshStatus } from "./observation.ts";

/** How EC2 Auto Scaling's instance refreshes end; everything else is still going on, since the set grows. */
const FAILED = ["Failed", "Cancelled", "RollbackSuccessful", "RollbackFailed"];

/** Our own status for a refresh that the service would not start. */
export const REFUSED = "Refused";

export function isSuccessful(group: GroupRefresh): boolean {
  return group.refreshId !== null && group.status === "Successful";
}

export function hasFailed(group: GroupRefresh): boolean {
  return group.status === REFUSED || (group.refreshId !== null && FAILED.includes(String(group.status)));
}

export function hasEnded(group: GroupRefresh): boolean {
  return isSuccessful(group) || hasFailed(group);
}

/** The refresh that is going on in the group, ours or not; null where none is. */
export function inProgress(refreshes: readonly RefreshStatus[]): string | null {
  const going = refreshes.find(({ status }) => status !== "Successful" && !FAILED.includes(status));
  return going?.id ?? null;
}
