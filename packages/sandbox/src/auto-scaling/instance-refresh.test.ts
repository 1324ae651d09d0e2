import type { RefreshPreferences } from "@aws-sdk/client-auto-scaling";
import { describe, expect, it } from "vitest";
import { withRelease } from "./testing/release-fixture.ts";
import { group } from "./testing/scaling-fixture.ts";

const hour = 3_600_000;

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
