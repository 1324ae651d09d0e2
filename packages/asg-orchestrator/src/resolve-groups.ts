import type { AutoScalingClient, AutoScalingGroup } from "@aws-sdk/client-auto-scaling";
import type { GroupSelector } from "@windlass/account-mapping";
import type { GroupsReading } from "@windlass/deployment";
import { OrchestratorError, toUnreadable } from "./orchestrator-error.ts";
import { listGroups } from "./read-group.ts";

/** DescribeAutoScalingGroups takes up to 50 names (API model). */
const namesPerCall = 50;

/** The groups that a selector names now, sorted. Groups that are being deleted do not count. */
export async function resolveGroups(
  client: AutoScalingClient,
  selector: GroupSelector,
  signal?: AbortSignal,
): Promise<GroupsReading> {
  try {
    const names =
      selector.kind === "names"
        ? await existingNames(client, selector.names, signal)
        : await taggedNames(client, selector, signal);
    return { kind: "groups", names: names.toSorted() };
  } catch (error) {
    return toUnreadable(error);
  }
}

/** All of them or none: a roll-out that leaves a named group out would be called a success. */
async function existingNames(
  client: AutoScalingClient,
  names: readonly string[],
  signal: AbortSignal | undefined,
): Promise<readonly string[]> {
  const found = new Set<string>();
  for (let start = 0; start < names.length; start += namesPerCall) {
    const batch = names.slice(start, start + namesPerCall);
    const groups = await listGroups(client, { AutoScalingGroupNames: batch }, signal);
    for (const group of groups) found.add(group.AutoScalingGroupName ?? "");
  }
  const missing = names.filter((name) => !found.has(name));
  if (missing.length === 0) return [...new Set(names)];
  throw new OrchestratorError({
    code: "group-missing",
    message: "there is no such Auto Scaling group",
    expected: names.join(", "),
    found: `no ${missing.join(", no ")}`,
    where: "DescribeAutoScalingGroups",
    hint: "check the groups of the image in the account mapping",
  });
}

async function taggedNames(
  client: AutoScalingClient,
  selector: Extract<GroupSelector, { kind: "tag" }>,
  signal: AbortSignal | undefined,
): Promise<readonly string[]> {
  const groups = await listGroups(client, { Filters: [{ Name: "tag-key", Values: [selector.key] }] }, signal);
  return groups.filter((group) => includesWord(group, selector)).flatMap((group) => group.AutoScalingGroupName ?? []);
}

function includesWord(group: AutoScalingGroup, selector: Extract<GroupSelector, { kind: "tag" }>): boolean {
  const value = group.Tags?.find((tag) => tag.Key === selector.key)?.Value ?? "";
  return value.split(/[\s,]+/).includes(selector.includes);
}
