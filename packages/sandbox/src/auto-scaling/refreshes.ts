import type { Refresh, RefreshStatus } from "./refresh-state.ts";
import type { Group, TemplateChoice } from "./scaling-state.ts";

const active: readonly RefreshStatus[] = ["Pending", "InProgress", "Baking", "Cancelling", "RollbackInProgress"];

/** The refresh that is under way; there is one at most (API reference, `StartInstanceRefresh`). */
export function activeRefresh(group: Group): Refresh | null {
  const last = group.refreshes.at(-1);
  return last !== undefined && active.includes(last.status) ? last : null;
}

/** What the group's next instance is made from. */
export function launchTemplate(group: Group): TemplateChoice {
  const refresh = activeRefresh(group);
  if (refresh === null) return group.template;
  if (refresh.status === "RollbackInProgress") return refresh.previousTemplate;
  return refresh.desiredTemplate ?? group.template;
}

/** An automatic or later rollback needs a template version that stays what it is (guide, "Undo changes with a rollback"). */
export function canRollBack(refresh: Refresh): boolean {
  const fixed = ({ version }: TemplateChoice) => version !== null && /^\d+$/.test(version);
  return refresh.desiredTemplate !== null && fixed(refresh.desiredTemplate) && fixed(refresh.previousTemplate);
}

/** How many instances are not yet replaced by one in service. */
export function remainingInstances(refresh: Refresh): number {
  return refresh.total - Math.floor((refresh.percentage * refresh.total) / 100);
}
