import {
  CancelInstanceRefreshCommand,
  DescribeInstanceRefreshesCommand,
  type InstanceRefresh,
  type RefreshPreferences,
  RollbackInstanceRefreshCommand,
  StartInstanceRefreshCommand,
  type StartInstanceRefreshCommandInput,
} from "@aws-sdk/client-auto-scaling";
import { describe, expect, it } from "vitest";
import { createScaling, group, settle } from "./testing/scaling-fixture.ts";

const hour = 3_600_000;

/** A group with instances in service that run the image of its tag. */
async function withRelease(count: number, options: Parameters<typeof createScaling>[0] = {}) {
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

describe("an instance refresh", () => {
  it("replaces all instances, and the new ones carry the group's present tags", async () => {
    const { begin, watchUntil, groups, active, before, compute } = await withRelease(2);
    groups.tag(group, "windlass:image:dga-web", "sha256:2");

    const { InstanceRefreshId } = await begin();
    const { refresh, percentages, fewest } = await watchUntil("Successful");

    expect(refresh).toMatchObject({ InstanceRefreshId, PercentageComplete: 100, InstancesToUpdate: 0 });
    expect(percentages).toEqual([0, 50, 100]);
    expect(fewest).toBe(1);
    expect(active()).toHaveLength(2);
    expect(active().filter((id) => before.includes(id))).toEqual([]);
    for (const id of active()) {
      const instance = compute.instances().find(({ instanceId }) => instanceId === id);
      expect(instance?.tags?.["windlass:image:dga-web"]).toBe("sha256:2");
    }
  });

  it("is pending at first, without a percentage", async () => {
    const { begin, refreshes, clock } = await withRelease(1);
    await begin();

    const [pending] = await refreshes();
    await clock.advance(2_000);
    const [running] = await refreshes();

    expect(pending?.Status).toBe("Pending");
    expect(pending).not.toHaveProperty("PercentageComplete");
    expect(running).toMatchObject({ Status: "InProgress", PercentageComplete: 0, InstancesToUpdate: 1 });
  });

  it.each([
    [10, 50, 5],
    [10, 90, 9],
    [10, 0, 0],
    [1, 100, 0],
  ])("of %i instances with %i percent healthy keeps %i in service", async (count, MinHealthyPercentage, expected) => {
    const { begin, watchUntil } = await withRelease(count);

    await begin({ MinHealthyPercentage });

    expect((await watchUntil("Successful")).fewest).toBe(expected);
  });

  it("launches before it terminates where more than 100 percent are allowed", async () => {
    const { begin, watchUntil, active, before } = await withRelease(2);

    await begin({ MinHealthyPercentage: 100, MaxHealthyPercentage: 150 });
    const { fewest, most } = await watchUntil("Successful");

    expect({ fewest, most }).toEqual({ fewest: 2, most: 3 });
    expect(active()).toHaveLength(2);
    expect(active().filter((id) => before.includes(id))).toEqual([]);
  });

  it("counts an instance only once it is warmed up", async () => {
    const { begin, watchUntil, clock } = await withRelease(1);
    const began = clock.now();

    await begin({ MinHealthyPercentage: 0, InstanceWarmup: 600 });
    await watchUntil("Successful");

    expect(clock.now() - began).toBeGreaterThan(600_000);
  });

  it("of an empty group is successful at once", async () => {
    const { begin, watchUntil } = await withRelease(0, { max: 1 });

    await begin();

    expect((await watchUntil("Successful")).refresh.PercentageComplete).toBe(100);
  });

  it("replaces nothing that matches, where it is to skip that: new tags make no difference", async () => {
    const { begin, watchUntil, groups, active, before } = await withRelease(2);
    groups.tag(group, "windlass:image:dga-web", "sha256:2");

    await begin({ SkipMatching: true });
    await watchUntil("Successful");

    expect(active()).toEqual(before);
  });

  it("is the only one of its group", async () => {
    const { begin, watchUntil, refreshes } = await withRelease(1);
    await begin();

    await expect(begin()).rejects.toMatchObject({ name: "InstanceRefreshInProgressFault" });
    await watchUntil("Successful");
    await begin();

    expect((await refreshes()).map(({ Status }) => Status)).toEqual(["Pending", "Successful"]);
  });

  it("waits an hour for a protected instance, then fails", async () => {
    const { begin, watchUntil, active, before, clock } = await withRelease(1, { protectNewInstances: true });
    const began = clock.now();

    await begin();
    await clock.advance(hour - 60_000);
    await watchUntil("Failed");

    expect(clock.now() - began).toBeGreaterThan(hour);
    expect(active()).toEqual(before);
  });

  it.each([
    ["Refresh", 0],
    ["Ignore", 1],
  ] as const)("with %s for protected instances leaves %i of the old ones", async (ScaleInProtectedInstances, left) => {
    const { begin, watchUntil, active, before } = await withRelease(1, { protectNewInstances: true });

    await begin({ ScaleInProtectedInstances });
    await watchUntil("Successful");

    expect(active().filter((id) => before.includes(id))).toHaveLength(left);
  });

  it("fails after an hour without a launch that succeeds", async () => {
    const { begin, watchUntil, groups, clock } = await withRelease(1);
    groups.failLaunches({ code: "InsufficientInstanceCapacity", times: Number.POSITIVE_INFINITY });

    await begin({ MinHealthyPercentage: 0 });
    await clock.advance(hour);
    const { refresh } = await watchUntil("Failed");

    expect(refresh.StatusReason).toContain("made no progress");
  });

  it("pauses at its checkpoints and bakes at its end", async () => {
    const { begin, watchUntil, clock } = await withRelease(2);
    const began = clock.now();

    await begin({ MinHealthyPercentage: 50, CheckpointPercentages: [50, 100], CheckpointDelay: 900, BakeTime: 300 });
    await watchUntil("Baking");
    expect(clock.now() - began).toBeGreaterThan(900_000);
    await watchUntil("Successful");

    expect(clock.now() - began).toBeGreaterThan(1_200_000);
  });

  it.each<[RefreshPreferences]>([
    [{ MinHealthyPercentage: 101 }],
    [{ MaxHealthyPercentage: 150 }],
    [{ MinHealthyPercentage: 50, MaxHealthyPercentage: 151 }],
    [{ CheckpointPercentages: [50, 40, 100] }],
    [{ CheckpointPercentages: [50] }],
    [{ BakeTime: 172_801 }],
    [{ AutoRollback: true }],
  ])("is refused with %j", async (preferences) => {
    const { begin, refreshes } = await withRelease(1);

    await expect(begin(preferences)).rejects.toMatchObject({ name: "ValidationError" });

    expect(await refreshes()).toEqual([]);
  });
});

describe("an instance refresh that is made to misbehave", () => {
  it("fails where it is told to, and leaves the group as it is then", async () => {
    const { begin, watchUntil, groups, active, before } = await withRelease(4);
    groups.failRefresh(group, { atPercentage: 50, reason: "unhealthy" });

    await begin({ MinHealthyPercentage: 75 });
    const { refresh } = await watchUntil("Failed");

    expect(refresh).toMatchObject({ PercentageComplete: 50, InstancesToUpdate: 2, StatusReason: "unhealthy" });
    expect(active().filter((id) => before.includes(id))).toHaveLength(2);
    expect(groups.refreshes(group)).toMatchObject([{ status: "Failed", percentage: 50, reason: "unhealthy" }]);
  });

  it("stalls until it is let go on", async () => {
    const { begin, watchUntil, groups, clock, refreshes } = await withRelease(1);
    groups.stallRefresh(group);
    await begin();
    await clock.advance(30 * 60_000);
    expect((await refreshes())[0]?.Status).toBe("Pending");

    groups.stallRefresh(group, false);

    expect((await watchUntil("Successful")).refresh.PercentageComplete).toBe(100);
  });
});

describe("cancelling and rolling back", () => {
  const cancel = new CancelInstanceRefreshCommand({ AutoScalingGroupName: group });
  const rollBack = new RollbackInstanceRefreshCommand({ AutoScalingGroupName: group });

  it("cancels when what was begun is finished, and takes nothing back", async () => {
    const { client, begin, watchUntil, active, before, clock } = await withRelease(2);
    await begin();
    await clock.advance(5_000);

    await client.send(cancel);
    await watchUntil("Cancelling");
    await watchUntil("Cancelled");

    expect(active()).toHaveLength(2);
    expect(active().filter((id) => before.includes(id))).toHaveLength(1);
  });

  it.each([
    ["cancel", cancel],
    ["roll back", rollBack],
  ] as const)("has nothing to %s without an active refresh", async (_, command) => {
    const { client, begin, watchUntil } = await withRelease(1);
    const send = () => client.send(command as typeof cancel);

    await expect(send()).rejects.toMatchObject({ name: "ActiveInstanceRefreshNotFoundFault" });
    await begin();
    await watchUntil("Successful");

    await expect(send()).rejects.toMatchObject({ name: "ActiveInstanceRefreshNotFoundFault" });
  });

  it("does not roll back what has no desired configuration, or a version that can change", async () => {
    const { client, begin } = await withRelease(1);
    await begin();

    await expect(client.send(rollBack)).rejects.toMatchObject({ name: "IrreversibleInstanceRefreshFault" });
  });

  const desired = (Version: string) => ({
    DesiredConfiguration: { LaunchTemplate: { LaunchTemplateName: "web", Version } },
  });

  async function withVersions() {
    const tags = { "windlass:image:dga-web": "sha256:1" };
    const scaling = await withRelease(0, { max: 1, tags });
    scaling.compute.createLaunchTemplate("web", { instanceType: "t3.micro" });
    scaling.compute.addLaunchTemplateVersion("web", { instanceType: "t3.large" });
    scaling.groups.deleteGroup(group);
    await scaling.clock.advance(settle);
    scaling.groups.createGroup(group, { max: 2, desired: 2, launchTemplate: "web", launchTemplateVersion: "1" });
    await scaling.clock.advance(settle);
    const types = async () =>
      (await scaling.describe())?.Instances?.filter(({ LifecycleState }) => LifecycleState !== "Terminating").map(
        ({ InstanceType }) => InstanceType,
      );
    return { ...scaling, types };
  }

  it("moves the group to the desired configuration when it succeeds", async () => {
    const { begin, watchUntil, types, describe: describeGroup } = await withVersions();

    await begin({}, desired("2"));
    await watchUntil("Successful");

    expect(await types()).toEqual(["t3.large", "t3.large"]);
    expect((await describeGroup())?.LaunchTemplate?.Version).toBe("2");
  });

  it("rolls back to the configuration from before", async () => {
    const { begin, watchUntil, types, client, clock, describe: describeGroup } = await withVersions();
    await begin({ MinHealthyPercentage: 50 }, desired("2"));
    await clock.advance(40_000);

    await client.send(rollBack);
    const { refresh } = await watchUntil("RollbackSuccessful");

    expect(await types()).toEqual(["t3.micro", "t3.micro"]);
    expect((await describeGroup())?.LaunchTemplate?.Version).toBe("1");
    expect(refresh.RollbackDetails).toMatchObject({ PercentageCompleteOnRollback: 50, InstancesToUpdateOnRollback: 1 });
  });

  it("stays failed where it is not told to roll back by itself", async () => {
    const { begin, watchUntil, types, groups, describe: describeGroup } = await withVersions();
    groups.failRefresh(group, { atPercentage: 50 });

    await begin({ MinHealthyPercentage: 50 }, desired("2"));
    await watchUntil("Failed");

    expect((await types())?.sort()).toEqual(["t3.large", "t3.micro"]);
    expect((await describeGroup())?.LaunchTemplate?.Version).toBe("1");
  });

  it("rolls back by itself after a failure, where it is told to", async () => {
    const { begin, watchUntil, types, groups } = await withVersions();
    groups.failRefresh(group, { atPercentage: 50, reason: "unhealthy" });

    await begin({ MinHealthyPercentage: 50, AutoRollback: true }, desired("2"));
    const { refresh } = await watchUntil("RollbackSuccessful");

    expect(refresh.StatusReason).toBe("unhealthy");
    expect(await types()).toEqual(["t3.micro", "t3.micro"]);
  });
});
