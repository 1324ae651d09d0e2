import type { DeploymentId } from "@windlass/deployment";
import { describe, expect, it } from "vitest";
import type { AreaRunner } from "./areas/area-runner.ts";
import { openAreas } from "./areas/open-areas.ts";

const A = "a".repeat(40);

async function openLaunched() {
  const areas = openAreas();
  areas.push("dga-network", "staging", A);
  const { launched } = await areas.tick("staging");
  const deployment = launched[0] as DeploymentId;
  await areas.clock.advance(60_000);
  const runner = await areas.runner("staging", deployment);
  return { ...areas, deployment, runner };
}

/** A run that has printed something of three steps. */
async function openRunning() {
  const areas = await openLaunched();
  const { runner } = areas;
  await runner.claim();
  await runner.log("init", "Initializing\n");
  await runner.log("plan", "Plan: 2 to add\n");
  await runner.phase("applying", "0/2");
  await runner.log("apply", "a: Creating...\n");
  return areas;
}

describe("windlass logs", () => {
  it("prints what each step has printed so far, in their order", async () => {
    const { run, runner, deployment } = await openRunning();
    await runner.log("apply", "a: Created\n");

    expect(await run("logs", deployment)).toEqual({
      code: 0,
      out: "==> init\nInitializing\n==> plan\nPlan: 2 to add\n==> apply\na: Creating...\na: Created\n",
      error: "",
    });
    expect((await run("logs", "dga-network", "--area", "staging", "--step", "plan")).out).toBe("Plan: 2 to add\n");
    expect(JSON.parse((await run("logs", deployment, "--json", "--step", "init")).out)).toEqual({
      area: "staging",
      deployment,
      state: "launching",
      steps: [{ step: "init", text: "Initializing\n" }],
    });
  });

  it("says so where there is no log yet, and which steps there are", async () => {
    const { run, deployment } = await openLaunched();

    expect(await run("logs", deployment)).toEqual({
      code: 0,
      out: "",
      error: `${deployment} has no log yet: it is launching; -f follows it\n`,
    });
    expect(await run("logs", deployment, "--step", "aply")).toMatchObject({
      code: 2,
      error: expect.stringContaining("init, plan, unlock, show, apply, entrypoint"),
    });
  });
});

type Step = (runner: AreaRunner) => Promise<unknown>;

/** Each look at the run is followed by the next step of it, instead of by time. */
function follow(areas: Awaited<ReturnType<typeof openLaunched>>, steps: readonly Step[], ...args: readonly string[]) {
  const left = [...steps];
  const wait = async (ms: number) => {
    await areas.clock.advance(ms);
    const next = left.shift();
    if (next === undefined) throw new Error("the run is over, and still followed");
    await next(areas.runner);
  };
  return areas.runWith({ wait }, "logs", areas.deployment, "-f", ...args);
}

describe("windlass logs -f", () => {
  it("follows a running apply from what it has printed to its end", async () => {
    const areas = await openRunning();

    const { code, out } = await follow(areas, [
      (runner) => runner.log("apply", "a: Cre"),
      (runner) => runner.log("apply", "ated\nApply complete"),
      async (runner) => {
        await runner.phase("saving");
        await runner.log("apply", "!");
      },
      (runner) => runner.finish(),
    ]);

    expect(code).toBe(0);
    expect(out).toBe(`==> applying
==> init
Initializing
==> plan
Plan: 2 to add
==> apply
a: Creating...
a: Created
Apply complete
==> saving
==> apply
!
==> succeeded; the next tick takes it
`);
  });

  it("prints one step alone, and waits for a run that has not begun", async () => {
    const areas = await openLaunched();

    const { out } = await follow(
      areas,
      [
        (runner) => runner.claim(),
        (runner) => runner.phase("planning"),
        (runner) => runner.log("plan", "no\n"),
        (runner) => runner.phase("applying", "0/2"),
        (runner) => runner.log("apply", "yes\n"),
        (runner) => runner.finish(),
      ],
      "--step",
      "apply",
    );

    expect(out).toBe(
      `==> deploying: launching (${areas.deployment})\n==> planning\n==> applying\n==> apply\nyes\n==> succeeded; the next tick takes it\n`,
    );
  });

  it("ends with 1 where the deployment failed, and prints events as lines of JSON", async () => {
    const areas = await openRunning();
    const failure = { code: "apply-failed", message: "quota", hint: null };

    const { code, out } = await follow(
      areas,
      [(runner) => runner.finish({ outcome: "failed", exitCode: 1, failure }), () => areas.tick("staging")],
      "--json",
    );

    expect(code).toBe(1);
    const events = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(events[0]).toEqual({ kind: "state", deployment: areas.deployment, state: "launching", text: "applying" });
    expect(events[1]).toEqual({ kind: "log", step: "init", number: 1, text: "Initializing\n" });
    expect(events.at(-1)).toEqual({
      kind: "end",
      deployment: areas.deployment,
      outcome: "failed",
      taken: false,
      failure: "quota",
    });
  });

  it("is over at once for a deployment that has ended", async () => {
    const areas = await openRunning();
    await areas.runner.finish();
    await areas.clock.advance(60_000);
    await areas.tick("staging");

    const { code, out } = await follow(areas, [], "--step", "apply");

    expect({ code, out }).toEqual({ code: 0, out: "==> apply\na: Creating...\n==> succeeded\n" });
  });

  it("stops without a failure when it is interrupted", async () => {
    const areas = await openRunning();
    const stop = new AbortController();
    const wait = async () => stop.abort();

    const { code, out } = await areas.runWith({ wait, interrupted: stop.signal }, "logs", areas.deployment, "-f");

    expect(code).toBe(0);
    expect(out).toMatch(/a: Creating\.\.\.\n$/);
  });
});
