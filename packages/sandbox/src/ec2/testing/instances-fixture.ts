import { DescribeInstancesCommand, type DescribeInstancesCommandInput } from "@aws-sdk/client-ec2";
import { createScaling, group, settle } from "../../auto-scaling/testing/scaling-fixture.ts";

export const unknown = "i-0123456789abcdef0";

/** Instances that the group does not look after, so that only EC2 acts. */
export async function withInstances(count: number, options: Parameters<typeof createScaling>[0] = {}) {
  const scaling = createScaling({ max: Math.max(count, 1), desired: count, ...options });
  await scaling.clock.advance(settle);
  scaling.groups.suspend(group, ["HealthCheck", "Launch", "Terminate"]);
  const ids = scaling.active();
  const [first = ""] = ids;
  const list = async (input: DescribeInstancesCommandInput = {}) => {
    const { Reservations, NextToken } = await scaling.ec2.send(new DescribeInstancesCommand(input));
    return { instances: Reservations?.flatMap(({ Instances }) => Instances ?? []) ?? [], NextToken };
  };
  const stateOf = async (id: string) => (await list({ InstanceIds: [id] })).instances[0]?.State?.Name;
  return { ...scaling, ids, first, list, stateOf };
}
