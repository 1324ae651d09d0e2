/** Random stories of one area, for properties that hold whatever happens. */
import fc from "fast-check";
import { expect } from "vitest";
import type { DeploymentId } from "../identifiers.ts";
import type { Plan } from "../plan.ts";
import type { Phase, Result } from "../run-records.ts";
import { sliceOf } from "./slices.ts";
import { World } from "./world.ts";

const IMAGES = `
  net: { kind: terraform }
  site: { kind: terraform, after: [net], retries: 1 }
  app: { kind: terraform }
  web: { kind: instance-refresh, groups: [web-asg], after: [app], timeout: 20m }`;
export const NAMES = ["net", "site", "app", "web"] as const;
export const RETRIES: Record<string, number> = { net: 0, site: 1, app: 0, web: 0 };
export const SLICE = sliceOf(IMAGES, 'window: { timezone: Australia/Sydney, days: MON-SUN, hours: "09:00-20:00" }');
const PHASES: readonly Phase[] = ["claimed", "pulling", "planning", "applying", "saving"];
const PARTS = ["group", "controls", "runs", "ec2", "refreshes", "groups"] as const;

const image = fc.constantFrom(...NAMES);
const letter = fc.constantFrom("a", "b", "c");
const outcome = fc.constantFrom<Result["outcome"]>(
  "succeeded",
  "noop",
  "failed",
  "cancelled",
  "interrupted",
  "never-started",
  "unknown",
  "state-unsaved",
);
export const event = fc.oneof(
  { weight: 12, arbitrary: fc.constant({ kind: "tick" as const }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("push" as const), image, letter }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("head-gone" as const),
      image,
      how: fc.constantFrom("absent", "unreadable"),
    }),
  },
  { weight: 3, arbitrary: fc.constant({ kind: "boot-and-claim" as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: "boot" as const }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("lease" as const),
      phase: fc.constantFrom<Phase>("planning", "applying", "saving"),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("finish" as const),
      outcome,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("kill" as const), forget: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("refresh" as const),
      status: fc.constantFrom("InProgress", "Successful", "Failed", "Cancelled"),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("control" as const),
      image,
      control: fc.constantFrom("hold", "unhold", "retry", "unblock", "cancel", "deploy-now"),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("control-area" as const), control: fc.constantFrom("pause", "resume") }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("read-fails" as const),
      part: fc.constantFrom(...PARTS),
      fails: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("crash" as const),
      before: fc.constantFrom(
        "launch",
        "close-claim",
        "retire",
        "start-refresh",
        "append-history",
        "delete-control",
        "none",
      ),
      loseEffects: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("pass" as const), minutes: fc.integer({ min: 1, max: 300 }) }),
  },
);
export type Event = typeof event extends fc.Arbitrary<infer T> ? T : never;

export function happen(world: World, what: Event): Plan | null {
  switch (what.kind) {
    case "tick":
      return world.tick();
    case "push":
      world.push(what.image, what.letter);
      return null;
    case "head-gone":
      world.heads[what.image] =
        what.how === "absent" ? { kind: "absent", missing: "tag" } : { kind: "unreadable", code: "x", message: "x" };
      return null;
    case "boot":
      if (world.group.desired > world.group.instances.length) world.boot();
      return null;
    case "boot-and-claim": {
      const [id] = assigned(world);
      if (world.group.desired > 0) {
        const instance = world.boot();
        if (id !== undefined) world.claim(id, instance);
      }
      return null;
    }
    case "lease":
      for (const id of held(world)) advance(world, id, what.phase);
      return null;
    case "finish":
      for (const id of held(world)) {
        if (world.runs.get(id)?.result === null) world.finish(id, resultOf(what.outcome));
      }
      return null;
    case "kill": {
      const [instance] = world.group.instances;
      if (instance !== undefined) world.kill(instance.id);
      if (instance !== undefined && what.forget) world.ec2.delete(instance.id);
      return null;
    }
    case "refresh":
      world.setRefresh("web-asg", what.status);
      return null;
    case "control":
      world.control({ kind: what.control as "hold", image: what.image });
      return null;
    case "control-area":
      world.controlArea(what.control);
      return null;
    case "read-fails":
      if (what.fails) world.unreadable.add(what.part);
      else world.unreadable.delete(what.part);
      return null;
    case "crash":
      world.crashBefore.clear();
      if (what.before !== "none") world.crashBefore.add(what.before as "launch");
      world.loseEffects = what.loseEffects;
      return null;
    case "pass":
      world.pass(what.minutes);
      return null;
  }
}

/** A run's phase never goes back. */
function advance(world: World, id: DeploymentId, phase: Phase): void {
  const before = world.runs.get(id)?.lease?.value.phase ?? "claimed";
  if (PHASES.indexOf(phase) >= PHASES.indexOf(before)) world.lease(id, phase);
}

function resultOf(outcome: Result["outcome"]): Partial<Result> {
  if (outcome === "never-started") return { outcome, exitCode: null, digest: null, plan: null };
  return { outcome, exitCode: outcome === "succeeded" || outcome === "noop" ? 0 : 1 };
}

export function assigned(world: World): readonly DeploymentId[] {
  return [...world.runs.entries()].filter(([id]) => id === world.group.tag).map(([id]) => id);
}

export function held(world: World): readonly DeploymentId[] {
  return [...world.runs.entries()]
    .filter(([, { claim }]) => world.group.instances.some(({ id }) => id === claim?.value.instance))
    .map(([id]) => id);
}

const TICK: Event = { kind: "tick" };

/** One deployment from its head to some end, so that much happens in a short story. */
const chapter: fc.Arbitrary<readonly Event[]> = fc
  .record({
    image: fc.constantFrom("net", "app"),
    letter,
    phase: fc.constantFrom<Phase | null>(null, "planning", "applying", "saving"),
    sawPhase: fc.boolean(),
    end: fc.oneof(outcome, fc.constantFrom("killed", "forgotten")),
  })
  .map(({ image: name, letter: head, phase, sawPhase, end }) => [
    { kind: "push", image: name, letter: head },
    { kind: "control", image: name, control: "unblock" },
    TICK,
    TICK,
    { kind: "boot-and-claim" },
    ...(phase === null ? [] : [{ kind: "lease" as const, phase }]),
    ...(sawPhase ? [TICK] : []),
    ...endOf(end),
    TICK,
    TICK,
  ]);

function endOf(end: Result["outcome"] | "killed" | "forgotten"): readonly Event[] {
  if (end === "killed") return [{ kind: "kill", forget: false }];
  if (end === "forgotten") return [{ kind: "kill", forget: true }, { kind: "pass", minutes: 70 }, TICK, TICK];
  return [{ kind: "finish", outcome: end }];
}

const eventful = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: chapter },
      event.map((one) => [one]),
    ),
    { minLength: 6, maxLength: 24 },
  )
  .map((parts) => parts.flat());

/** As `story`, of whole deployments with other things in between. */
export function eventfulStory(check: Check, runs = 120): void {
  tell(eventful, check, runs);
}

/** Runs a random story and hands every tick to the check, with the world as the tick saw it. */
export function story(check: Check, runs = 120): void {
  tell(fc.array(event, { minLength: 20, maxLength: 120 }), check, runs);
}

type Check = (world: World, plan: Plan, before: World["ledger"]) => void;

function tell(events: fc.Arbitrary<readonly Event[]>, check: Check, runs: number): void {
  let ticks = 0;
  let launches = 0;
  fc.assert(
    fc.property(events, (parts) => {
      const world = new World(SLICE);
      world.groupsOf["web"] = ["web-asg"];
      for (const what of parts) {
        const before = world.ledger;
        const plan = happen(world, what);
        if (plan === null) continue;
        ticks += 1;
        launches += plan.launched.length;
        check(world, plan, before);
      }
    }),
    { numRuns: runs, seed: 42 },
  );
  expect(ticks).toBeGreaterThan(runs);
  expect(launches).toBeGreaterThan(runs / 10);
}
