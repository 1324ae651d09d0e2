import {
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  DescribeScalingActivitiesCommand,
} from "@aws-sdk/client-auto-scaling";
import { EC2Client } from "@aws-sdk/client-ec2";
import { virtualClock } from "../../core/clock.ts";
import { createSandbox } from "../../sandbox.ts";
import type { GroupOptions } from "../group-options.ts";

export const scratch = "222222222222";
export const start = Date.UTC(2026, 10, 24, 9);
export const group = "deploy";

/** Longer than a launch or a termination takes. */
export const settle = 120_000;

/** An account with one group, and clients for it. */
export function createScaling(options: GroupOptions = {}) {
  const clock = virtualClock(start);
  const sandbox = createSandbox({ clock });
  const account = sandbox.account(scratch);
  const groups = account.autoScaling();
  const compute = account.ec2();
  groups.createGroup(group, options);
  const config = { ...sandbox.clientConfig({ account: scratch }), maxAttempts: 1 };
  const client = new AutoScalingClient(config);
  const ec2 = new EC2Client(config);
  return {
    clock,
    sandbox,
    groups,
    compute,
    client,
    ec2,
    /** The group as the API shows it. */
    async describe(name = group) {
      const { AutoScalingGroups } = await client.send(
        new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }),
      );
      return AutoScalingGroups?.[0];
    },
    async activities() {
      const { Activities } = await client.send(new DescribeScalingActivitiesCommand({ AutoScalingGroupName: group }));
      return Activities ?? [];
    },
    /** Ids of the members that are not on their way out, oldest first. */
    active: () =>
      (groups.group(group)?.instances ?? []).filter((m) => m.lifecycle !== "Terminating").map(({ id }) => id),
  };
}
