import { SetDesiredCapacityCommand } from "@aws-sdk/client-auto-scaling";
import { deploymentId } from "@windlass/deployment";
import { createDeployGroup, type DeployGroup } from "../src/index.ts";
import { sandboxWorld, started } from "./group-worlds.ts";

export const first = deploymentId(new Date(started), 1);
export const second = deploymentId(new Date(started), 2);
/** When the world began. */
export const since = new Date(started).toISOString();

export type OpenGroup = Awaited<ReturnType<typeof openGroup>>;

/** A sandbox with an empty deploy group. */
export async function openGroup() {
  const world = sandboxWorld();
  await world.createGroup({ name: "deploy" });
  const group = createDeployGroup({ client: world.client, group: "deploy" });
  return {
    ...world,
    group,
    groupNamed: (name: string): DeployGroup => createDeployGroup({ client: world.client, group: name }),
    /** Launches for the first deployment; the id of the instance, which is in service. */
    async launched(): Promise<string> {
      await group.launch(first);
      await world.settle();
      const reading = await group.observe();
      return reading.kind === "group" ? (reading.instances[0]?.id ?? "none") : reading.message;
    },
    async setDesired(name: string, desired: number): Promise<void> {
      await world.client.send(new SetDesiredCapacityCommand({ AutoScalingGroupName: name, DesiredCapacity: desired }));
    },
  };
}
