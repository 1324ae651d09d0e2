import { SetInstanceHealthCommand } from "@aws-sdk/client-auto-scaling";
import { StopInstancesCommand, TerminateInstancesCommand } from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import { createScaling, group, settle } from "./testing/scaling-fixture.ts";

describe("an instance that goes by itself", () => {
  async function inService(options: Parameters<typeof createScaling>[0] = {}) {
    const scaling = createScaling({ desired: 1, ...options });
    await scaling.clock.advance(settle);
    const [first = ""] = scaling.active();
    return { ...scaling, first };
  }

  it("is replaced while the group wants it: by default it stops, and the group terminates it", async () => {
    const { compute, clock, active, first, activities } = await inService();

    compute.shutDownFromInside(first);
    await clock.advance(settle);

    expect(active()).toHaveLength(1);
    expect(active()).not.toContain(first);
    expect(compute.instances().find(({ instanceId }) => instanceId === first)?.state).toBe("terminated");
    expect((await activities()).map(({ Cause }) => Cause)).toContainEqual(
      expect.stringContaining("in response to an EC2 health check indicating it has been terminated or stopped."),
    );
  });

  it("is not replaced when nothing is desired any more", async () => {
    const { compute, clock, groups, first } = await inService();

    groups.setDesiredCapacity(group, 0);
    compute.shutDownFromInside(first);
    await clock.advance(settle);

    expect(groups.group(group)?.instances).toEqual([]);
  });

  it.each([
    ["is terminated by its template's shutdown behaviour", "shutdown"],
    ["is terminated through EC2", "terminate"],
    ["is stopped through EC2", "stop"],
    ["loses its hardware", "interrupt"],
    ["is forgotten by EC2", "forget"],
    ["is said to be unhealthy", "health"],
  ])("is replaced when it %s", async (_, how) => {
    const scaling = createScaling();
    scaling.compute.createLaunchTemplate("ends", { shutdownBehavior: "terminate" });
    scaling.groups.createGroup("other", { desired: 1, launchTemplate: "ends" });
    await scaling.clock.advance(settle);
    const id = scaling.groups.group("other")?.instances[0]?.id ?? "";

    if (how === "shutdown") scaling.compute.shutDownFromInside(id);
    if (how === "terminate") await scaling.ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    if (how === "stop") await scaling.ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
    if (how === "interrupt") scaling.compute.interrupt(id);
    if (how === "forget") scaling.compute.forget(id);
    if (how === "health")
      await scaling.client.send(new SetInstanceHealthCommand({ InstanceId: id, HealthStatus: "Unhealthy" }));
    await scaling.clock.advance(2 * settle);

    const instances = scaling.groups.group("other")?.instances ?? [];
    expect(instances).toMatchObject([{ lifecycle: "InService", healthy: true }]);
    expect(instances[0]?.id).not.toBe(id);
  });

  it("is replaced although it is protected from scale-in", async () => {
    const { compute, clock, active, first } = await inService({ protectNewInstances: true });

    compute.shutDownFromInside(first);
    await clock.advance(settle);

    expect(active()).not.toContain(first);
  });

  it("keeps its grace against somebody's word, unless that one insists", async () => {
    const { client, clock, active, first } = await inService({ graceSeconds: 600 });
    const unhealthy = { InstanceId: first, HealthStatus: "Unhealthy" };

    await client.send(new SetInstanceHealthCommand(unhealthy));
    await clock.advance(settle);
    expect(active()).toEqual([first]);
    await client.send(new SetInstanceHealthCommand({ ...unhealthy, ShouldRespectGracePeriod: false }));
    await clock.advance(settle);

    expect(active()).not.toContain(first);
  });
});
