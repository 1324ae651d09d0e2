import { CancelInstanceRefreshCommand, RollbackInstanceRefreshCommand } from "@aws-sdk/client-auto-scaling";
import { describe, expect, it } from "vitest";
import { withRelease } from "./testing/release-fixture.ts";
import { group, settle } from "./testing/scaling-fixture.ts";

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
