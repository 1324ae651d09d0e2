import { describe, expect, it } from "vitest";
import type { StopReason } from "../src/stop.ts";
import { TIMINGS } from "./support/records.ts";
import type { StepScript } from "./support/scripted-engine.ts";
import { toObject } from "./support/scripts.ts";
import { leaving, openStoreWorld, type StoreWorld, stateText } from "./support/store-world.ts";

const SIGTERM: StopReason = { kind: "interrupted", signal: "SIGTERM" };
const CANCEL: StopReason = { kind: "cancelled", by: "ada", reason: "wrong" };

const FILES = Object.fromEntries(Array.from({ length: 30 }, (_, number) => [`store/${number}.pub`, "a key"]));

/** Applies until it is stopped, by so many interrupts, then leaves a state and more. Gives the seconds from the stop to the runner's end. */
async function stopAndSave(world: StoreWorld, reason: StopReason, interrupts = 1): Promise<number> {
  const apply: StepScript = async (terminal) => {
    await terminal.interrupt(interrupts);
    return await leaving({ "store/terraform.tfstate": stateText(4), ...FILES }, 1)(terminal);
  };
  const runner = world.run({ script: { steps: { apply } } });
  await world.pass(30);
  const stoppedAt = world.clock.now();
  let endedAt = Number.POSITIVE_INFINITY;
  void runner.end.then(() => {
    endedAt = world.clock.now();
  });
  runner.stop.request(reason);
  await world.end(runner);
  return (endedAt - stoppedAt) / 1000;
}

const { urgentGrace, kill, saving } = TIMINGS;

describe("saving what there is, where the bucket refuses it", () => {
  it.each([
    ["the state, its copy and the result", /tfstate$|result\.json$/],
    ["all that is beside the state", /\.pub$/],
  ])("has one time for all of it where the host is being stopped: %s", async (_, keys) => {
    const world = await openStoreWorld(stateText(3));
    const match = ({ input }: { input: Readonly<Record<string, unknown>> }) => keys.test(String(input["Key"]));
    world.sandbox.faults.add({ service: "s3", action: "PutObject", kind: "error-before", match });

    const seconds = await stopAndSave(world, SIGTERM);

    expect(seconds).toBeGreaterThan(saving / 2);
    expect(seconds).toBeLessThanOrEqual(urgentGrace + kill + saving);
  });

  it("keeps a part of that time for the copy, and one for the result", async () => {
    const world = await openStoreWorld(stateText(3));
    const refused = { service: "s3", action: "PutObject", kind: "error-before" } as const;
    world.sandbox.faults.add({ ...refused, match: toObject("store/terraform.tfstate") });
    world.sandbox.faults.add({ ...refused, match: toObject("errored.tfstate"), times: 6 });
    world.sandbox.faults.add({ ...refused, match: toObject("result.json"), times: 6 });

    // Terraform takes all the time that it gets.
    await stopAndSave(world, SIGTERM, 2);

    expect(world.result()).toMatchObject({ outcome: "state-unsaved" });
    expect(world.object("runs/20261124t090000z-7/errored.tfstate")).toBe(stateText(4));
  });

  it("has a time for each of them where only the deployment is stopped", async () => {
    const world = await openStoreWorld(stateText(3));
    world.sandbox.faults.add({ service: "s3", action: "PutObject", kind: "error-before", match: toObject("tfstate") });

    expect(await stopAndSave(world, CANCEL)).toBeGreaterThan(saving * 1.8);
  });
});
