import {
  type AutoScalingClient,
  type AutoScalingGroup,
  DescribeAutoScalingGroupsCommand,
  type DescribeAutoScalingGroupsCommandInput,
} from "@aws-sdk/client-auto-scaling";
import type { GroupReading } from "@windlass/deployment";
import { callService } from "./call-service.ts";
import { OrchestratorError } from "./orchestrator-error.ts";

/** On a deploy group: the deployment that its instance works for. `/` would fail the launch, `:` is legal. */
export const deploymentTag = "windlass:deployment";

/** Pages of at most 100 groups that are read before a listing counts as endless. */
const mostPages = 50;

export type Group = Extract<GroupReading, { kind: "group" }>;

/** Reads one group. Throws `group-missing` or `group-deleting` where there is none to work with. */
export async function readGroup(client: AutoScalingClient, name: string, signal?: AbortSignal): Promise<Group> {
  return toGroup(await describeGroup(client, name, signal));
}

/** The group's tags. Throws as `readGroup` does. */
export async function readGroupTags(
  client: AutoScalingClient,
  name: string,
  signal?: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  const { Tags = [] } = await describeGroup(client, name, signal);
  return Object.fromEntries(Tags.map((tag) => [tag.Key ?? "", tag.Value ?? ""]));
}

async function describeGroup(
  client: AutoScalingClient,
  name: string,
  signal: AbortSignal | undefined,
): Promise<AutoScalingGroup> {
  const where = `DescribeAutoScalingGroups of ${name}`;
  const answer = await callService(where, signal, (options) =>
    client.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }), options),
  );
  const group = answer.AutoScalingGroups?.find((candidate) => candidate.AutoScalingGroupName === name);
  if (group === undefined) {
    const hint = "check the group's name, the account and the Region";
    throw new OrchestratorError({
      code: "group-missing",
      message: "there is no such Auto Scaling group",
      found: "no group",
      expected: name,
      where,
      hint,
    });
  }
  if (isDeleting(group)) {
    const found = group.Status;
    throw new OrchestratorError({ code: "group-deleting", message: "the group is being deleted", found, where });
  }
  return group;
}

/** All groups that the input names or filters, page by page. */
export async function listGroups(
  client: AutoScalingClient,
  input: DescribeAutoScalingGroupsCommandInput,
  signal?: AbortSignal,
): Promise<readonly AutoScalingGroup[]> {
  const groups: AutoScalingGroup[] = [];
  let token: string | undefined;
  for (let page = 1; page <= mostPages; page += 1) {
    const query = { ...input, MaxRecords: 100, ...(token === undefined ? {} : { NextToken: token }) };
    const answer = await callService("DescribeAutoScalingGroups", signal, (options) =>
      client.send(new DescribeAutoScalingGroupsCommand(query), options),
    );
    groups.push(...(answer.AutoScalingGroups ?? []));
    token = answer.NextToken;
    if (token === undefined || token === "") return groups.filter((group) => !isDeleting(group));
  }
  throw new OrchestratorError({
    code: "too-many-pages",
    message: "the listing of groups does not end",
    expected: `at most ${mostPages} pages`,
    where: "DescribeAutoScalingGroups",
  });
}

/** `Status` is only set while DeleteAutoScalingGroup is in progress (API model). */
function isDeleting(group: AutoScalingGroup): boolean {
  return group.Status !== undefined && group.Status !== "";
}

function toGroup(group: AutoScalingGroup): Group {
  return {
    kind: "group",
    desired: group.DesiredCapacity ?? 0,
    instances: (group.Instances ?? []).map((instance) => ({
      id: instance.InstanceId ?? "",
      lifecycle: instance.LifecycleState ?? "",
      protectedFromScaleIn: instance.ProtectedFromScaleIn ?? false,
    })),
    suspendedProcesses: (group.SuspendedProcesses ?? []).flatMap((process) => process.ProcessName ?? []),
    deploymentTag: group.Tags?.find((tag) => tag.Key === deploymentTag)?.Value ?? null,
  };
}
