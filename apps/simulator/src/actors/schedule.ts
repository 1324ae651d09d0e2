import { groupOf } from "../core/scenario.ts";
import type { Sim } from "../core/sim.ts";
import { BUCKET, DEPLOY_GROUP, REGION } from "../world/names.ts";
import type { Lambda } from "./lambda.ts";

/** Fires ticks as the area's schedules and events do, and leaves those out that could not see anything new. */
export interface Schedule {
  /** Something happened that a tick might see. */
  wake(): void;
  /** How long nothing has happened at all. */
  readonly quietSince: () => number | null;
}

const MINUTE = 60_000;
const SLOW = 15 * MINUTE;
const SKEW = 6 * MINUTE;
/** However quiet it is, a tick comes after so long. */
const LONGEST_QUIET = 24 * 60 * MINUTE;
/** Steady ticks in a row after which the area counts as quiet. */
const STEADY_TICKS = 2;
/** Minutes between ticks that see nothing new. */
const PATIENCE = [1, 2, 6] as const;
/** The share of events that reach the function. */
const EVENTS_HEARD = 0.5;

export function startSchedule(sim: Sim, lambda: Lambda): Schedule {
  const { scheduler, chaos, random } = sim;
  let steady = 0;
  let quiet: { readonly since: number; readonly cancel: () => void } | null = null;
  let lostUntil = 0;
  let told: (() => void) | null = null;

  function next(): void {
    const now = scheduler.now();
    if (steady >= STEADY_TICKS && isStill(sim)) {
      rest();
      return;
    }
    // What is under way and has not changed will not have changed a minute later, or an event will tell.
    const period = sim.window.isOpen(now) ? MINUTE * (steady >= STEADY_TICKS ? random.pick(PATIENCE) : 1) : SLOW;
    // On the minute, or anywhere within it.
    const at = Math.floor(now / MINUTE) * MINUTE + period + random.between(0, 20_000);
    scheduler.schedule(at - now, fire);
  }

  function rest(): void {
    const since = scheduler.now();
    const wakeAt = nextMoment(sim, since);
    quiet = { since, cancel: scheduler.schedule(wakeAt - since, awake) };
  }

  function awake(): void {
    if (quiet === null) return;
    const { since, cancel } = quiet;
    cancel();
    quiet = null;
    steady = 0;
    const slept = scheduler.now() - since;
    sim.stats.idleTicks += Math.floor(slept / (sim.window.isOpen(since) ? MINUTE : SLOW));
    scheduler.schedule(random.between(100, 30_000), fire);
  }

  function fire(): void {
    if (scheduler.now() < lostUntil) {
      next();
      return;
    }
    if (chaos.draws("ticks-lost")) {
      const minutes = random.int(1, 100);
      lostUntil = scheduler.now() + minutes * MINUTE;
      chaos.struck("ticks-lost", `no scheduled tick comes for ${minutes} minutes`);
    } else void deliver();
    next();
  }

  async function deliver(): Promise<void> {
    const before = etagOf(sim);
    const invocations = [invoke(0)];
    if (chaos.draws("tick-twice")) {
      const times = random.int(1, 2);
      chaos.struck("tick-twice", `the event is delivered ${times + 1} times`);
      for (let more = times; more > 0; more -= 1) invocations.push(invoke(random.between(0, 5_000)));
    }
    if (chaos.draws("ticks-overlap")) {
      const times = random.int(1, 3);
      chaos.struck("ticks-overlap", `${times + 1} ticks run at once`);
      for (let more = times; more > 0; more -= 1) invocations.push(invoke(random.between(0, 800)));
    }
    if (chaos.draws("tick-late")) {
      const minutes = Math.round(random.between(2, 360));
      chaos.struck("tick-late", `one more tick is to come ${minutes} minutes late`);
      void invoke(minutes * MINUTE);
    }
    const ends = await Promise.all(invocations);
    const unchanged = etagOf(sim) === before && ends.every((end) => end === "done");
    steady = unchanged ? steady + 1 : 0;
  }

  function invoke(afterMs: number) {
    return new Promise<Awaited<ReturnType<Lambda["invoke"]>>>((resolve) => {
      scheduler.schedule(afterMs, () => void lambda.invoke().then(resolve));
    });
  }

  scheduler.schedule(random.between(0, MINUTE), fire);
  return {
    wake() {
      steady = 0;
      if (quiet !== null) {
        awake();
        return;
      }
      if (told !== null || !random.chance(EVENTS_HEARD)) return;
      told = scheduler.schedule(random.between(500, 8_000), () => {
        told = null;
        void deliver();
      });
    },
    quietSince: () => quiet?.since ?? null,
  };
}

function etagOf({ own }: Sim): string | null {
  return own.s3.read(BUCKET, "ledger.json")?.etag ?? null;
}

/** Nothing is on its way: no instance, no capacity, no refresh. */
function isStill({ own, scenario, window, scheduler }: Sim): boolean {
  // A function whose clock is behind finds the window open so much later.
  const now = scheduler.now();
  if (window.isOpen(now) !== window.isOpen(now - SKEW)) return false;
  const scaling = own.autoScaling(REGION);
  const group = scaling.group(DEPLOY_GROUP);
  if (group === null || group.desired > 0 || group.instances.length > 0) return false;
  return scenario.images.every(
    ({ name, kind }) =>
      kind === "terraform" ||
      scaling.refreshes(groupOf(name)).every(({ status }) => !["Pending", "InProgress", "Cancelling"].includes(status)),
  );
}

/** The next moment that the ledger speaks of, or at which the window opens. */
function nextMoment(sim: Sim, now: number): number {
  const text = sim.own.s3.read(BUCKET, "ledger.json")?.text ?? "";
  const moments = [...text.matchAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g)].map(([moment]) => Date.parse(moment));
  const ahead = moments.filter((moment) => moment > now).map((moment) => moment + 1_000);
  const opens = sim.window.isOpen(now) ? null : sim.window.nextOpen(now);
  const closes = opens === null ? [] : [opens];
  return Math.min(now + LONGEST_QUIET, ...ahead, ...closes);
}
