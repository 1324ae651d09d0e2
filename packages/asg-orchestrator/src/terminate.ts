import {
  type AutoScalingClient,
  DescribeAutoScalingInstancesCommand,
  TerminateInstanceInAutoScalingGroupCommand,
} from "@aws-sdk/client-auto-scaling";
import { isLeaving } from "@windlass/deployment";
import { callService } from "./call-service.ts";
import { setDesired } from "./change-group.ts";
import { OrchestratorError } from "./orchestrator-error.ts";
import { readGroup } from "./read-group.ts";

export interface Termination {
  readonly instance: string;
  /** False: leave desired capacity as it is. */
  readonly decrement: boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface Terminated {
  /** True where this call lowered the desired capacity, so that no replacement is launched. */
  readonly decremented: boolean;
}

/** Terminates one instance of the group, also one that is protected from scale-in. One that is gone is fine. */
export async function terminateInstance(
  client: AutoScalingClient,
  group: string,
  termination: Termination,
): Promise<Terminated> {
  const { instance, decrement, signal } = termination;
  const present = await readGroup(client, group, signal);
  const listed = present.instances.find((candidate) => candidate.id === instance);
  const lifecycle = listed === undefined ? await readLifecycle(client, group, termination) : listed.lifecycle;
  if (isLeaving(lifecycle)) return { decremented: false };
  // Also where no list has it: lists lag behind, and the call itself knows. So may the desired capacity that was read,
  // which is why the decrement is tried and not reckoned.
  try {
    return await terminateOnce(client, { instance, decrement, signal });
  } catch (error) {
    if (hasCode(error, "instance-gone")) return { decremented: false };
    if (!hasCode(error, "at-min")) throw error;
  }
  // At 0 already; or the group's minimum is wrong, which this call then says.
  await setDesired(client, group, { desired: 0, signal });
  return terminateOnce(client, { instance, decrement: false, signal });
}

async function terminateOnce(client: AutoScalingClient, termination: Termination): Promise<Terminated> {
  const { instance, decrement, signal } = termination;
  const command = new TerminateInstanceInAutoScalingGroupCommand({
    InstanceId: instance,
    ShouldDecrementDesiredCapacity: decrement,
  });
  const where = `TerminateInstanceInAutoScalingGroup of ${instance}`;
  await callService(where, signal, (options) => client.send(command, options));
  return { decremented: decrement };
}

/**
 * The lifecycle state of an instance that our group does not list; empty where nobody has it. Termination takes no
 * group's name, so it must never be tried on an instance that is known to be somebody else's.
 */
async function readLifecycle(client: AutoScalingClient, group: string, termination: Termination): Promise<string> {
  const { instance, signal } = termination;
  const where = `DescribeAutoScalingInstances of ${instance}`;
  const answer = await callService(where, signal, (options) =>
    client.send(new DescribeAutoScalingInstancesCommand({ InstanceIds: [instance] }), options),
  );
  const managed = answer.AutoScalingInstances?.find((candidate) => candidate.InstanceId === instance);
  if (managed === undefined) return "";
  if (managed.AutoScalingGroupName === group) return managed.LifecycleState ?? "";
  throw new OrchestratorError({
    code: "instance-foreign",
    message: "the instance belongs to another group",
    expected: group,
    found: managed.AutoScalingGroupName,
    where: instance,
  });
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof OrchestratorError && error.code === code;
}
