import type { Instance, InstanceChange } from "../ec2/ec2-state.ts";
import { endActivity } from "./activities.ts";
import { activeMembers, isGone } from "./members.ts";
import { reconcileSoon } from "./reconcile.ts";
import type { Group, Member, ScalingState } from "./scaling-state.ts";

/** From now on what EC2 does with an instance has its consequence in the instance's group. */
export function watchInstances(state: ScalingState): void {
  state.ec2.watchers.add((instance, change) => {
    const found = findMember(state, instance.id);
    if (found !== null) follow(state, { ...found, change });
  });
}

export function findMember(
  state: ScalingState,
  instanceId: string,
): { readonly group: Group; readonly member: Member } | null {
  for (const group of state.groups.values()) {
    const member = group.members.get(instanceId);
    if (member !== undefined) return { group, member };
  }
  return null;
}

/** Any EC2 state but running is a failed health check (guide, "Health checks for instances in an Auto Scaling group"). */
export function checkHealth(state: ScalingState, group: Group): void {
  if (group.suspended.has("HealthCheck")) return;
  for (const member of activeMembers(group)) {
    if (isDown(member.instance) || isGone(state, member)) member.healthy = false;
  }
}

interface Followed {
  readonly group: Group;
  readonly member: Member;
  readonly change: InstanceChange;
}

function follow(state: ScalingState, { group, member, change }: Followed): void {
  const { inServiceMs, healthCheckMs } = state.timings;
  if (change === "running") {
    after(state, inServiceMs, () => enterService(state, group, member));
  } else if (member.lifecycle === "Terminating") {
    reconcileSoon(state, group, 0);
  } else if (change !== "lost") {
    // A lost host counts only once EC2 has noticed it.
    after(state, healthCheckMs, () => {
      checkHealth(state, group);
      reconcileSoon(state, group, 0);
    });
  }
}

/** At once where there is nothing to wait for. */
function after(state: ScalingState, ms: number, act: () => void): void {
  if (ms === 0) act();
  else state.clock.schedule(ms, act);
}

function enterService(state: ScalingState, group: Group, member: Member): void {
  if (member.lifecycle !== "Pending" || isDown(member.instance)) return;
  member.lifecycle = "InService";
  member.inServiceAt = state.clock.now();
  endActivity(state, member.launch, "Successful");
  group.cooldownUntil = state.clock.now() + group.cooldownSeconds * 1000;
  reconcileSoon(state, group);
}

function isDown(instance: Instance): boolean {
  return instance.state !== "running" && instance.state !== "pending";
}
