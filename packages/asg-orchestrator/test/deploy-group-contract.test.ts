import { deploymentId } from "@windlass/deployment";
import { startMoto } from "@windlass/moto";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { createDeployGroup, type DeployGroup } from "../src/index.ts";
import { type GroupWorld, motoWorld, sandboxWorld, started } from "./group-worlds.ts";

const moto = await startMoto();
afterAll(() => moto.stop());

const worlds = [
  { title: "the sandbox", skip: false, open: async (): Promise<GroupWorld> => sandboxWorld() },
  {
    title: moto.title,
    skip: moto.kind === "unavailable",
    open: async () => {
      if (moto.kind === "unavailable") throw new Error(moto.why);
      return motoWorld(moto);
    },
  },
];

const first = deploymentId(new Date(started), 1);
const second = deploymentId(new Date(started), 2);

describe.each(worlds)("a deploy group in $title", ({ skip, open }) => {
  describe.skipIf(skip)("with room for one instance", () => {
    let world: GroupWorld;
    let group: DeployGroup;

    beforeEach(async () => {
      world = await open();
      await world.createGroup({ name: "deploy" });
      group = createDeployGroup({ client: world.client, group: "deploy", loadEc2: async () => world.ec2 });
    });
    afterEach(() => world.close());

    async function launched(): Promise<string> {
      await group.launch(first);
      await world.settle();
      const reading = await group.observe();
      const instance = reading.kind === "group" ? reading.instances[0]?.id : undefined;
      if (instance === undefined) throw new Error(`no instance: ${JSON.stringify(reading)}`);
      return instance;
    }

    it("is empty at first", async () => {
      expect(await group.observe()).toEqual({
        kind: "group",
        desired: 0,
        instances: [],
        suspendedProcesses: [],
        deploymentTag: null,
      });
    });

    it("launches one instance that knows its deployment", async () => {
      const instance = await launched();

      expect(await group.observe()).toEqual({
        kind: "group",
        desired: 1,
        instances: [{ id: instance, lifecycle: "InService", protectedFromScaleIn: false }],
        suspendedProcesses: [],
        deploymentTag: first,
      });
      expect(await world.tagsOf(instance)).toMatchObject({ "windlass:deployment": first });
    });

    it("launches nothing more for the same deployment", async () => {
      const instance = await launched();

      await group.launch(first);
      await world.settle();

      expect(await group.observe()).toMatchObject({ desired: 1, instances: [{ id: instance }] });
    });

    it("launches nothing for another deployment while it has an instance", async () => {
      const instance = await launched();

      await expect(group.launch(second)).rejects.toMatchObject({ code: "group-not-empty", retryable: true });

      expect(await group.observe()).toMatchObject({ deploymentTag: first, instances: [{ id: instance }] });
    });

    it("is empty again after it retired, and launches for the next deployment", async () => {
      const before = await launched();

      await group.retire();
      await world.settle();
      const retired = await group.observe();
      await group.retire();
      await group.launch(second);
      await world.settle();

      expect(retired).toMatchObject({ desired: 0, instances: [], deploymentTag: first });
      expect(await group.observe()).toMatchObject({
        desired: 1,
        deploymentTag: second,
        instances: [expect.anything()],
      });
      expect(await group.observe()).not.toMatchObject({ instances: [{ id: before }] });
    });

    it("gets no replacement for an instance that it terminates", async () => {
      const instance = await launched();

      const terminated = await group.terminate(instance);
      await world.settle();

      expect(terminated).toEqual({ decremented: true });
      expect(await group.observe()).toMatchObject({ desired: 0, instances: [] });
    });

    it("does not terminate another group's instance", async () => {
      const instance = await launched();
      await world.createGroup({ name: "other" });
      const other = createDeployGroup({ client: world.client, group: "other" });

      await expect(other.terminate(instance)).rejects.toMatchObject({ code: "instance-foreign", found: "deploy" });
      await world.settle();

      expect(await group.observe()).toMatchObject({ desired: 1, instances: [{ id: instance }] });
    });

    it("protects an instance, and takes the protection off", async () => {
      const instance = await launched();

      await group.protect(instance);
      const covered = await group.observe();
      await group.unprotect(instance);
      const uncovered = await group.observe();

      expect(covered).toMatchObject({ instances: [{ protectedFromScaleIn: true }] });
      expect(uncovered).toMatchObject({ instances: [{ protectedFromScaleIn: false }] });
    });

    it("knows EC2's word on instances, also on those that EC2 does not know", async () => {
      const running = await launched();

      expect(await group.readInstances([running, "i-00000000000000000"])).toEqual({
        [running]: { kind: "state", state: "running" },
        "i-00000000000000000": { kind: "not-found" },
      });
      await group.terminate(running);
      await world.settle();
      expect(await group.readInstances([running])).toEqual({ [running]: { kind: "state", state: "terminated" } });
    });

    it("is unreadable where there is no such group, and does nothing", async () => {
      const missing = createDeployGroup({ client: world.client, group: "gone" });

      expect(await missing.observe()).toMatchObject({ kind: "unreadable", code: "group-missing" });
      await expect(missing.launch(first)).rejects.toMatchObject({ code: "group-missing", retryable: false });
      await expect(missing.retire()).rejects.toMatchObject({ code: "group-missing" });
    });
  });
});
