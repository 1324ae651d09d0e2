import { describe, expect, it } from "vitest";
import type { DeploymentId } from "./identifiers.ts";
import type { Deployment, Ledger } from "./ledger.ts";
import type { Observation, RunReading } from "./observation.ts";
import type { Plan } from "./plan.ts";
import { planTick } from "./plan-tick.ts";
import type { Assignment } from "./run-records.ts";
import { eventfulStory, NAMES } from "./testing/story.ts";
import type { World } from "./testing/world.ts";

const HOUR = 60 * 60_000;

function assignmentsOf(plan: Plan): readonly Assignment[] {
  return plan.actions.flatMap((action) => (action.kind === "launch" ? [action.assignment] : []));
}

/** What one story has shown so far; begun anew with each. */
function perStory<T>(begin: () => T): (world: World) => T {
  let current: { readonly world: World; readonly seen: T } | undefined;
  return (world) => {
    if (current?.world !== world) current = { world, seen: begin() };
    return current.seen;
  };
}

function imageOf(world: World, id: DeploymentId): string | undefined {
  return (world.ledger.deployments[id] ?? world.history.get(id))?.image;
}

describe("an assignment, whatever happens", () => {
  it("calls only those dead whose instance EC2 has shown terminated, or forgotten twice, an hour after the launch", () => {
    const sightings = perStory(() => ({
      terminated: new Set<string>(),
      missing: new Map<string, readonly number[]>(),
    }));
    const named = new Set<string>();
    eventfulStory((world, plan) => {
      const { terminated, missing } = sightings(world);
      for (const [instance, reading] of Object.entries(world.seen?.instances ?? {})) {
        if (reading.kind === "state" && reading.state === "terminated") terminated.add(instance);
        if (reading.kind === "not-found") missing.set(instance, [...(missing.get(instance) ?? []), world.now]);
      }

      for (const assignment of assignmentsOf(plan)) {
        for (const dead of assignment.confirmedDead) {
          const run = world.runs.get(dead);
          const instance = run?.claim?.value.instance ?? "";
          const launchedAt = Date.parse(world.history.get(dead)?.launchedAt ?? "9999-12-31T00:00:00Z");
          const late = (missing.get(instance) ?? []).filter((at) => at - launchedAt > HOUR);
          expect(terminated.has(instance) || late.length >= 2).toBe(true);
          expect(imageOf(world, dead)).toBe(assignment.image);
          expect(["succeeded", "noop"]).not.toContain(run?.result?.outcome);
          named.add(terminated.has(instance) ? "terminated" : "forgotten");
          named.add(run?.result == null ? "silent" : "told");
        }
      }
    });

    expect([...named].toSorted()).toEqual(["forgotten", "silent", "terminated", "told"]);
  });

  it("expects a state once any deployment of its image has come to apply", () => {
    const appliedBy = perStory(() => new Set<string>());
    const told = { expected: 0, first: 0 };
    eventfulStory((world, plan) => {
      const applied = appliedBy(world);
      for (const [id, run] of world.runs) {
        const image = imageOf(world, id);
        const phase = run.lease?.value.phase;
        if (image !== undefined && (phase === "applying" || phase === "saving")) applied.add(image);
      }

      for (const { image, expectsState } of assignmentsOf(plan)) {
        if (!expectsState) expect([...applied]).not.toContain(image);
        if (expectsState) told.expected += 1;
        else told.first += 1;
      }
    });

    expect(told.expected).toBeGreaterThan(20);
    expect(told.first).toBeGreaterThan(20);
  });
});

describe("a result, whatever happens", () => {
  it("of a run that never started changes nothing that is live, and ends in no success", () => {
    let ended = 0;
    eventfulStory((world, plan, before) => {
      for (const { id, image, state } of plan.ended) {
        if (world.runs.get(id)?.result?.outcome !== "never-started") continue;
        ended += 1;
        expect(["never-started", "cancelled", "unknown"]).toContain(state);
        expect(plan.ledger.images[image]?.live).toEqual(before.images[image]?.live);
      }
    });

    expect(ended).toBeGreaterThan(20);
  });

  it("that had nothing to change does what a success does", () => {
    let ended = 0;
    eventfulStory((world, plan, before) => {
      const observation = world.seen as Observation;
      ended += plan.ended.filter(({ noop }) => noop).length;

      const other = planTick(before, withoutNoop(observation), world.slice, new Date(world.now));

      expect(withoutNoopIn(other.ledger)).toEqual(withoutNoopIn(plan.ledger));
      expect(other.ended.map(({ id, state }) => [id, state])).toEqual(plan.ended.map(({ id, state }) => [id, state]));
      for (const name of NAMES) expect(other.reasons[name]).toEqual(plan.reasons[name]);
    });

    expect(ended).toBeGreaterThan(20);
  });
});

function withoutNoop(observation: Observation): Observation {
  const runs = Object.entries(observation.runs).map(([id, run]): [string, RunReading] => {
    if (run.kind !== "run" || run.result.kind !== "present" || run.result.value.outcome !== "noop") return [id, run];
    return [id, { ...run, result: { ...run.result, value: { ...run.result.value, outcome: "succeeded" } } }];
  });
  return { ...observation, runs: Object.fromEntries(runs) };
}

function withoutNoopIn(ledger: Ledger): Ledger {
  const deployments = Object.entries(ledger.deployments).map(([id, one]): [string, Deployment] => [
    id,
    { ...one, noop: false },
  ]);
  return { ...ledger, deployments: Object.fromEntries(deployments) };
}
