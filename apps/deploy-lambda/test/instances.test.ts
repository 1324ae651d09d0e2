import { describe, expect, it } from "vitest";
import { bucket, deployGroup } from "./support/names.ts";
import { bootedRunner, runToEnd } from "./support/runner.ts";
import { openTestArea, type TestArea } from "./support/test-area.ts";

const minute = 60_000;

/** A deployment that is launched and whose instance has booted. */
async function openLaunched(): Promise<TestArea> {
  const area = openTestArea();
  area.push("dga-network");
  await area.handler();
  await area.clock.advance(minute);
  return area;
}

async function tickFor(area: TestArea, minutes: number): Promise<void> {
  for (let tick = 0; tick < minutes; tick += 1) await area.nextTick();
}

function outcomes(area: TestArea): readonly string[] {
  return area.deployments().map(({ state }) => state);
}

describe("a launch that finds no capacity", () => {
  it("never started, is told with EC2's reason, and is tried again", async () => {
    const area = openTestArea();
    area.push("dga-network");
    area.group.failLaunches({ code: "InsufficientInstanceCapacity", times: Number.POSITIVE_INFINITY });
    await area.handler();
    await tickFor(area, 3);
    const [failed] = area.history();
    area.group.healLaunches();

    await tickFor(area, 3);
    await runToEnd(area);
    await tickFor(area, 2);

    expect(failed).toMatchObject({ state: "never-started", failure: { message: expect.stringContaining("capacity") } });
    expect(outcomes(area)).toEqual(["never-started", "succeeded"]);
    expect(area.group.group(deployGroup)).toMatchObject({ desired: 0, instances: [] });
  });

  it("is given up after three attempts more, with the capacity back at 0", async () => {
    const area = openTestArea();
    area.push("dga-network");
    area.group.failLaunches({ code: "InsufficientInstanceCapacity", times: Number.POSITIVE_INFINITY });
    await area.handler();

    await tickFor(area, 60);

    expect(new Set(outcomes(area))).toEqual(new Set(["never-started"]));
    expect(outcomes(area).length).toBeLessThanOrEqual(4);
    expect(area.group.group(deployGroup)).toMatchObject({ desired: 0, instances: [] });
    const { waiting } = await area.nextTick();
    expect(waiting).toMatchObject([{ image: "dga-network", reason: expect.stringContaining("quarantined") }]);
  });
});

describe("a claim that comes after the boot deadline", () => {
  it("finds the deployment closed, and nothing is run", async () => {
    const area = await openLaunched();
    const runner = await bootedRunner(area);
    await runner.protect();
    await tickFor(area, 11);

    const claim = await runner.claim();
    await runner.retire();
    await tickFor(area, 2);

    expect(claim).toBe("taken");
    expect(area.history()).toMatchObject([{ state: "never-started", failure: { code: "boot-deadline" } }]);
    expect(area.image("dga-network")?.live ?? null).toBeNull();
    expect(area.ec2.instances()[0]).toMatchObject({ instanceId: runner.instance, state: "terminated" });
  });
});

describe("a claim whose reply was lost", () => {
  it("is held by whoever wrote it", async () => {
    const area = await openLaunched();
    const runner = await bootedRunner(area);
    const isClaim = (input: Readonly<Record<string, unknown>>) => String(input["Key"]).endsWith("claim.json");
    area.sandbox.faults.add({ kind: "error-after", service: "s3", times: 1, match: ({ input }) => isClaim(input) });

    const claim = await runner.claim();
    await runner.finish();
    await runner.retire();
    await area.nextTick();

    expect(claim).toBe("held");
    expect(outcomes(area)).toEqual(["succeeded"]);
  });
});

describe("two instances for one deployment", () => {
  it("have one holder, and the other one leaves without being replaced", async () => {
    const area = await openLaunched();
    expect(area.group.rebalance(deployGroup)).toBe(true);
    const first = await bootedRunner(area);
    await first.claim();
    await area.clock.advance(minute);
    const other = area.group.group(deployGroup)?.instances.find(({ id }) => id !== first.instance);
    const second = await bootedRunner(area, other?.id);

    const claim = await second.claim();
    await area.handler();
    await first.phase("applying");
    await first.finish();
    await first.retire();
    await tickFor(area, 15);

    expect(claim).toBe("taken");
    expect(area.history()).toMatchObject([{ state: "succeeded", holder: { instance: first.instance } }]);
    expect(area.group.group(deployGroup)).toMatchObject({ desired: 0, instances: [] });
  });
});

describe("an instance that shuts down instead of retiring", () => {
  it("is replaced by the group, which runs nothing twice, and the deployment is tried again", async () => {
    const area = await openLaunched();
    const runner = await bootedRunner(area);
    await runner.claim();
    await runner.phase("planning");
    await area.handler();

    area.ec2.shutDownFromInside(runner.instance);
    await area.clock.advance(2 * minute);
    const replacement = await bootedRunner(area);
    const claim = await replacement.claim();
    await replacement.retire();
    await tickFor(area, 5);
    await runToEnd(area);
    await tickFor(area, 2);

    expect(replacement.instance).not.toBe(runner.instance);
    expect(claim).toBe("taken");
    expect(outcomes(area)).toEqual(["lost", "succeeded"]);
    expect(area.group.group(deployGroup)).toMatchObject({ desired: 0, instances: [] });
  });
});

describe("a runner that is cut off", () => {
  it("keeps its instance while its lease may still be renewed", async () => {
    const area = await openLaunched();
    const runner = await bootedRunner(area);
    await runner.claim();
    await runner.phase("planning");

    await tickFor(area, 4);

    expect(area.group.group(deployGroup)?.instances).toMatchObject([{ id: runner.instance, lifecycle: "InService" }]);
    expect(outcomes(area)).toEqual(["running"]);
  });

  it.each([
    ["planning", "lost"],
    ["applying", "unknown"],
  ] as const)("is ended once its lease expired, and while %s that means %s", async (phase, outcome) => {
    const area = await openLaunched();
    const runner = await bootedRunner(area);
    await runner.claim();
    await runner.phase(phase);

    await tickFor(area, 9);

    expect(outcomes(area)[0]).toBe(outcome);
    expect(area.ec2.instances().find(({ instanceId }) => instanceId === runner.instance)?.state).toBe("terminated");
    expect(area.image("dga-network")?.block?.outcome ?? null).toBe(outcome === "unknown" ? "unknown" : null);
  });

  it("counts for what it did where its result was written before its death", async () => {
    const area = await openLaunched();
    const runner = await bootedRunner(area);
    await runner.claim();
    await runner.phase("applying");
    await area.handler();
    await runner.finish();

    area.ec2.interrupt(runner.instance);
    await area.clock.advance(2 * minute);
    await area.nextTick();

    expect(outcomes(area)).toEqual(["succeeded"]);
  });
});

describe("a runner that writes its result and dies while a tick looks at it", () => {
  it("is judged by its result: EC2 is asked before the run's records are read", async () => {
    const area = await openLaunched();
    const runner = await bootedRunner(area);
    await runner.claim();
    await runner.phase("applying");
    await tickFor(area, 6);
    let looked = false;
    const tick = area.newHandler((inner) => ({
      ...inner,
      async handle(request, options) {
        const answer = await inner.handle(request, options);
        const isLook = request.hostname.startsWith("ec2.") || request.path.endsWith("/claim.json");
        if (isLook && !looked) {
          looked = true;
          await runner.finish();
          area.ec2.interrupt(runner.instance);
          await area.clock.advance(3 * minute);
        }
        return answer;
      },
    }));

    const summary = await tick();

    expect(looked).toBe(true);
    expect(summary.finished).toMatchObject([{ outcome: "succeeded" }]);
  });
});

describe("a result", () => {
  it("of an old epoch is noted and ignored", async () => {
    const area = await openLaunched();
    const runner = await bootedRunner(area);
    await runner.claim();
    await runner.finish({ epoch: runner.assignment.epoch + 1 });

    const summary = await area.nextTick();

    expect(summary).toMatchObject({ finished: [], notes: [{ code: "result-foreign", image: "dga-network" }] });
    expect(outcomes(area)).toEqual(["running"]);
    expect(area.image("dga-network")?.live ?? null).toBeNull();
  });

  it("that does not parse blocks the image until a person unblocks it", async () => {
    const area = await openLaunched();
    const runner = await bootedRunner(area);
    await runner.claim();
    area.own.s3.write(bucket, `runs/${runner.assignment.deployment}/result.json`, "{ half a resu");
    await runner.retire();
    await tickFor(area, 3);
    const blocked = await area.nextTick();

    await area.control({ kind: "unblock", image: "dga-network" });
    await tickFor(area, 2);
    await runToEnd(area);
    await tickFor(area, 2);

    expect(area.history()[0]).toMatchObject({ state: "unknown", failure: { code: "result-invalid" } });
    expect(blocked).toMatchObject({
      launched: [],
      waiting: [{ image: "dga-network", reason: expect.stringContaining("blocked") }],
    });
    expect(outcomes(area)).toEqual(["unknown", "succeeded"]);
  });

  it("that says succeeded for another digest than was decided makes nothing live", async () => {
    const area = await openLaunched();
    const other = area.registry.pushImage({ repository: "dga-network", tags: ["other"] });
    const runner = await bootedRunner(area);
    await runner.claim();
    await runner.finish({ digest: other as typeof runner.assignment.digest });

    await area.nextTick();

    expect(outcomes(area)).toEqual(["unknown"]);
    expect(area.image("dga-network")?.live ?? null).toBeNull();
  });
});
