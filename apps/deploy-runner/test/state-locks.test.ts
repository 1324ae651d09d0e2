import { describe, expect, it } from "vitest";
import { anAssignment } from "./support/records.ts";
import { exited, type StepScript } from "./support/scripted-engine.ts";
import { leaving, openStoreWorld, STATE_KEY, stateText } from "./support/store-world.ts";
import { openWorld } from "./support/world.ts";

const DEAD = "20261124t060000z-6";
const ID = "5ac1d4e8-7f26-a0ee-0d6f-8b7f6d3c5e21";
const CREATED = "2026-11-24 06:01:12.123456789 +0000 UTC";

function lockedBy(who: string): string {
  return `
Error: Error acquiring the state lock

Error message: operation error S3: PutObject, api error PreconditionFailed
Lock Info:
  ID:        ${ID}
  Path:      windlass-state-333333333333/state/dga-network.tfstate
  Operation: OperationTypeApply
  Who:       ${who}
  Version:   1.11.4
  Created:   ${CREATED}
  Info:      

Terraform acquires a state lock to protect the state from being written
by multiple users at the same time.
`;
}

/** Meets the lock so often, then goes on. */
function locked(who: string, times = 1): StepScript {
  let left = times;
  return async (terminal) => {
    await terminal.sleep(60);
    left -= 1;
    if (left < 0) return exited(0);
    terminal.err(lockedBy(who));
    return exited(1);
  };
}

describe("a state lock", () => {
  it("of a deployment that EC2 has confirmed dead is broken, and the plan is made again", async () => {
    const world = await openWorld(anAssignment({ confirmedDead: ["20261123t060000z-5", DEAD] }));
    const runner = world.run({ script: { steps: { plan: locked(`root@${DEAD}`) } } });

    await world.end(runner);

    expect(runner.engine.started.map(({ step }) => step)).toEqual(["init", "plan", "unlock", "plan", "show", "apply"]);
    expect(runner.engine.started[2]).toMatchObject({ program: "terraform", args: ["force-unlock", "-force", ID] });
    expect(world.result()).toMatchObject({
      outcome: "succeeded",
      brokenLock: { id: ID, holder: DEAD, created: CREATED },
      notes: [],
    });
  });

  it.each([
    ["a person", "ada@desk"],
    ["a deployment that nobody has confirmed dead", "root@20261124t070000z-8"],
  ])("of %s is reported with its age and what to type, and never broken", async (_, who) => {
    const world = await openWorld(anAssignment({ confirmedDead: [DEAD] }));
    const runner = world.run({ script: { steps: { plan: locked(who) } } });

    await world.end(runner);

    expect(runner.engine.started.map(({ step }) => step)).toEqual(["init", "plan"]);
    expect(world.result()).toMatchObject({ outcome: "failed", brokenLock: null, failure: { code: "state-locked" } });
    expect(world.result()?.failure?.hint).toBe(
      `held by ${who} since 2026-11-24 06:01:12 UTC (for 3 h); only when that one is surely gone, in the module after "terraform init": terraform force-unlock ${ID}`,
    );
  });

  it("that is met again after it was broken is left alone", async () => {
    const world = await openWorld(anAssignment({ confirmedDead: [DEAD] }));
    const runner = world.run({ script: { steps: { plan: locked(`root@${DEAD}`, 2) } } });

    await world.end(runner);

    expect(runner.engine.started.map(({ step }) => step)).toEqual(["init", "plan", "unlock", "plan"]);
    expect(world.result()).toMatchObject({
      outcome: "failed",
      brokenLock: { holder: DEAD },
      failure: { code: "state-locked" },
    });
  });

  it("that can not be broken is reported, and says so", async () => {
    const world = await openWorld(anAssignment({ confirmedDead: [DEAD] }));
    const unlock: StepScript = (terminal) => {
      terminal.err("Error: Failed to unlock state: AccessDenied\n");
      return exited(1);
    };
    const runner = world.run({ script: { steps: { plan: locked(`root@${DEAD}`), unlock } } });

    await world.end(runner);

    expect(runner.engine.started.map(({ step }) => step)).toEqual(["init", "plan", "unlock"]);
    expect(world.result()).toMatchObject({ outcome: "failed", brokenLock: null, failure: { code: "state-locked" } });
    expect(world.result()?.notes).toEqual([
      `The state lock of ${DEAD}, whose instance is gone, could not be broken; see the step "unlock".`,
    ]);
  });

  it("is left alone by a deployment that is to stop", async () => {
    const world = await openWorld(anAssignment({ confirmedDead: [DEAD] }));
    const runner = world.run({ script: { steps: { plan: locked(`root@${DEAD}`) } } });
    await world.pass(30);
    runner.stop.request({ kind: "interrupted", signal: "SIGTERM" });

    await world.end(runner);

    expect(runner.engine.started.map(({ step }) => step)).not.toContain("unlock");
    expect(world.result()).toMatchObject({ outcome: "interrupted", brokenLock: null });
  });

  it("that a dead deployment holds is broken for an entry point, too, which then runs again", async () => {
    const world = await openStoreWorld(stateText(3), { entrypoint: ["apply"], confirmedDead: [DEAD] });
    const meet = locked(`root@${DEAD}`);
    const entrypoint: StepScript = async (terminal) => {
      const exit = await meet({ ...terminal, err: terminal.out });
      return exit.kind === "exited" && exit.code === 0
        ? await leaving({ "store/terraform.tfstate": stateText(4) })(terminal)
        : exit;
    };
    const runner = world.run({ script: { steps: { entrypoint } } });

    await world.end(runner);

    expect(runner.engine.started.map(({ step }) => step)).toEqual(["entrypoint", "unlock", "entrypoint"]);
    expect(world.result()).toMatchObject({ outcome: "succeeded", brokenLock: { id: ID, holder: DEAD } });
    expect(world.object(STATE_KEY)).toBe(stateText(4));
  });
});
