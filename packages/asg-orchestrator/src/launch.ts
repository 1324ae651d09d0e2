import type { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import type { DeploymentId } from "@windlass/deployment";
import { setDesired, tagGroup } from "./change-group.ts";
import { OrchestratorError } from "./orchestrator-error.ts";
import { deploymentTag, type Group, readGroup } from "./read-group.ts";

/**
 * Tags the group with the deployment, then lets it have one instance. The tag comes first: an instance gets the tags
 * that the group has at its launch.
 */
export async function launchInstance(
  client: AutoScalingClient,
  group: string,
  launch: { readonly deployment: DeploymentId; readonly signal?: AbortSignal | undefined },
): Promise<void> {
  const { deployment, signal } = launch;
  const present = await readGroup(client, group, signal);
  if (isLaunched(present, deployment)) return;
  checkEmpty(present, group);
  await tagGroup(client, group, { tag: { key: deploymentTag, value: deployment }, signal });
  await setDesired(client, group, { desired: 1, signal });
}

/** Nothing to do where the group works for this deployment already, or is about to. */
function isLaunched(group: Group, deployment: DeploymentId): boolean {
  return group.deploymentTag === deployment && group.desired > 0;
}

function checkEmpty(present: Group, group: string): void {
  if (present.desired === 0 && present.instances.length === 0) return;
  const instances = present.instances.map((instance) => `${instance.id} ${instance.lifecycle}`);
  throw new OrchestratorError({
    code: "group-not-empty",
    message: "the deploy group is not empty",
    expected: "desired capacity 0 and no instance",
    found: `desired capacity ${present.desired} for ${present.deploymentTag ?? "no deployment"}, instances: ${instances.join(", ") || "none"}`,
    where: group,
    retryable: true,
  });
}
