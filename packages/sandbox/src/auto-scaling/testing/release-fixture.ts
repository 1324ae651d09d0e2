import {
  DescribeInstanceRefreshesCommand,
  type InstanceRefresh,
  type RefreshPreferences,
  StartInstanceRefreshCommand,
  type StartInstanceRefreshCommandInput,
} from "@aws-sdk/client-auto-scaling";
import { createScaling, group, settle } from "./scaling-fixture.ts";

/** A group with instances in service that run the image of its tag. */
export async function withRelease(count: number, options: Parameters<typeof createScaling>[0] = {}) {
  const tags = { "windlass:image:dga-web": "sha256:1" };
  const scaling = createScaling({ max: count, desired: count, tags, ...options });
  await scaling.clock.advance(settle);
  const before = scaling.active();
  const begin = (Preferences?: RefreshPreferences, rest: Partial<StartInstanceRefreshCommandInput> = {}) =>
    scaling.client.send(new StartInstanceRefreshCommand({ AutoScalingGroupName: group, Preferences, ...rest }));
  const refreshes = async (): Promise<readonly InstanceRefresh[]> => {
    const answer = await scaling.client.send(new DescribeInstanceRefreshesCommand({ AutoScalingGroupName: group }));
    return answer.InstanceRefreshes ?? [];
  };
  /** Steps on until the refresh has that status, and tells the fewest instances in service and the percentages seen. */
  const watchUntil = async (status: string) => {
    const percentages = new Set<number>();
    let fewest = count;
    let most = 0;
    for (let step = 0; step < 2_000; step += 1) {
      const [refresh] = await refreshes();
      percentages.add(refresh?.PercentageComplete ?? 0);
      const instances = scaling.groups.group(group)?.instances ?? [];
      fewest = Math.min(fewest, instances.filter(({ lifecycle }) => lifecycle === "InService").length);
      most = Math.max(most, scaling.active().length);
      if (refresh?.Status === status) return { refresh, percentages: [...percentages], fewest, most };
      await scaling.clock.advance(1_000);
    }
    throw new Error(`the refresh never became ${status}: it is ${(await refreshes())[0]?.Status}`);
  };
  return { ...scaling, before, begin, refreshes, watchUntil };
}
