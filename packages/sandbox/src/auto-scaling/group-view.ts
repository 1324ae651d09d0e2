import type { Group } from "./scaling-state.ts";

export interface MemberView {
  readonly id: string;
  readonly lifecycle: "Pending" | "InService" | "Terminating";
  readonly healthy: boolean;
  readonly protectedFromScaleIn: boolean;
  readonly availabilityZone: string;
}

export interface GroupView {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly desired: number;
  readonly instances: readonly MemberView[];
  readonly tags: Readonly<Record<string, string>>;
  readonly suspendedProcesses: readonly string[];
}

/** The group as it really is, however stale what others read. */
export function viewGroup(group: Group | undefined): GroupView | null {
  if (group === undefined) return null;
  const { name, min, max, desired } = group;
  const instances = [...group.members.values()].map(({ instance, lifecycle, healthy, protectedFromScaleIn }) => ({
    id: instance.id,
    lifecycle,
    healthy,
    protectedFromScaleIn,
    availabilityZone: instance.availabilityZone,
  }));
  const tags = Object.fromEntries([...group.tags].map(([key, tag]) => [key, tag.value]));
  return { name, min, max, desired, instances, tags, suspendedProcesses: [...group.suspended.keys()] };
}
