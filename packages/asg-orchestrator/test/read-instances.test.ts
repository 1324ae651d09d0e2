import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { beforeEach, describe, expect, it } from "vitest";
import { createDeployGroup } from "../src/index.ts";
import { type OpenGroup, openGroup } from "./open-group.ts";

let world: OpenGroup;

beforeEach(async () => {
  world = await openGroup();
});

describe("EC2's word on instances", () => {
  it("asks with a client of its own, on the other one's settings", async () => {
    const instance = await world.launched();

    expect(await world.group.readInstances([instance])).toEqual({ [instance]: { kind: "state", state: "running" } });
  });

  it("is asked for in batches, once for each instance", async () => {
    const instance = await world.launched();
    const unknown = Array.from({ length: 249 }, (_, index) => `i-${String(index).padStart(17, "0")}`);
    world.sandbox.calls.clear();

    const readings = await world.group.readInstances([instance, ...unknown, instance]);

    expect(Object.keys(readings)).toHaveLength(250);
    expect(readings[instance]).toEqual({ kind: "state", state: "running" });
    expect(unknown.every((id) => readings[id]?.kind === "not-found")).toBe(true);
    expect(world.sandbox.calls.count()).toEqual({ "ec2:DescribeInstances": 3 });
  });

  it("is unreadable for a batch that fails, and never not-found", async () => {
    const ids = Array.from({ length: 150 }, (_, index) => `i-${String(index).padStart(17, "0")}`);
    world.sandbox.faults.add({ kind: "throttle", service: "ec2", times: 1 });

    const readings = await world.group.readInstances(ids);

    expect(ids.slice(0, 100).map((id) => readings[id])).toMatchObject(
      Array(100).fill({ kind: "unreadable", code: "throttled" }),
    );
    expect(ids.slice(100).map((id) => readings[id])).toMatchObject(Array(50).fill({ kind: "not-found" }));
  });

  it("costs nothing where nobody asks for an instance", async () => {
    world.sandbox.calls.clear();

    expect(await world.group.readInstances([])).toEqual({});
    expect(world.sandbox.calls.count()).toEqual({});
  });

  it("lets a client that could not be loaded be loaded again", async () => {
    let loads = 0;
    const lazy = createDeployGroup({
      client: new AutoScalingClient(world.sandbox.clientConfig({ account: "222222222222" })),
      group: "deploy",
      async loadEc2() {
        loads += 1;
        if (loads === 1) throw new Error("the chunk is missing");
        return world.ec2;
      },
    });

    await expect(lazy.readInstances(["i-1"])).rejects.toThrow("the chunk is missing");
    expect(await lazy.readInstances(["i-1"])).toEqual({ "i-1": { kind: "not-found" } });
    await lazy.readInstances(["i-1"]);
    expect(loads).toBe(2);
  });
});
