import { applyCapacity } from "./capacity.ts";
import { reconcileSoon } from "./reconcile.ts";
import { groupNotFound, validationError } from "./scaling-fault.ts";
import type { Group, ScalingState } from "./scaling-state.ts";

/** Does what a scheduled action says. It knows nothing of what runs on the instances; only protection keeps them. */
export function runScheduledAction(state: ScalingState, name: string, groupName?: string): void {
  const group = findOwner(state, name, groupName);
  const action = group.scheduledActions.get(name);
  if (action === undefined) throw validationError("Scheduled action name not found");
  if (group.suspended.has("ScheduledActions")) return;
  const min = action.min ?? group.min;
  const max = Math.max(min, action.max ?? group.max);
  const desired = Math.max(min, Math.min(max, action.desired ?? group.desired));
  applyCapacity(state, group, { capacity: { min, max, desired }, by: `a scheduled action (${name}) update` });
  reconcileSoon(state, group);
}

function findOwner(state: ScalingState, action: string, groupName: string | undefined): Group {
  const owners = [...state.groups.values()].filter(
    (group) => group.scheduledActions.has(action) && (groupName === undefined || group.name === groupName),
  );
  const [owner] = owners;
  if (owner === undefined)
    throw groupName === undefined ? validationError("Scheduled action name not found") : groupNotFound(groupName);
  if (owners.length > 1) throw validationError(`Several groups have a scheduled action ${action}: say which`);
  return owner;
}
