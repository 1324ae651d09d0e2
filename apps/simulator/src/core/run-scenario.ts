import { type GitHubWeather, openGitHub } from "../actors/github-weather.ts";
import { playInstances } from "../actors/instances.ts";
import { createLambda } from "../actors/lambda.ts";
import { createPeople, type People, startPeople } from "../actors/people.ts";
import { createPipeline, type Pipeline, startPipeline } from "../actors/pipeline.ts";
import { type Schedule, startSchedule } from "../actors/schedule.ts";
import { startTagMoves } from "../actors/tag-moves.ts";
import { startWeather, type Weather } from "../actors/weather.ts";
import { createCallChecks } from "../checks/call-checks.ts";
import { checkGrants } from "../checks/grant-checks.ts";
import { createLedgerChecks } from "../checks/ledger-checks.ts";
import { converge } from "../checks/liveness-checks.ts";
import { watchReports } from "../checks/report-checks.ts";
import { openSim } from "./open-sim.ts";
import type { Scenario } from "./scenario.ts";
import type { Sim, Stats } from "./sim.ts";
import type { Violation } from "./violation.ts";

/** What came of one run; plain data. */
export interface RunResult {
  readonly seed: number;
  readonly mode: Scenario["mode"];
  /** The same for every run of this scenario. */
  readonly hash: string;
  readonly violation: Violation | null;
  readonly simulatedMs: number;
  readonly steps: number;
  readonly stats: Stats;
  readonly fired: Readonly<Record<string, number>>;
  readonly checked: Readonly<Record<string, number>>;
  /** The end of the story, or all of it where it was asked for. */
  readonly story: readonly string[];
}

/** Nothing of one run goes on for so long; more means that something goes round in circles. */
/** Of the calls that a run may have before its faults end: a call takes some five steps, and people and AWS take some, too. */
const STEPS_PER_CALL = 8;
const LEAST_STEPS = 600_000;
const DAY_MS = 86_400_000;
const RELEASED_WITHIN = 0.85;

/** All that plays in one run. */
export interface Cast {
  readonly sim: Sim;
  readonly schedule: Schedule;
  readonly weather: Weather;
  readonly pipeline: Pipeline;
  readonly people: People;
  readonly github: GitHubWeather | null;
}

/** Runs one scenario to its end, or to the first invariant that does not hold. */
export async function runScenario(scenario: Scenario, { whole = false } = {}): Promise<RunResult> {
  const cast = assemble(scenario, whole);
  const { sim } = cast;
  const fail = (error: unknown) =>
    sim.checks.expect("X1", false, () => `nobody handled: ${error instanceof Error ? error.stack : String(error)}`);
  process.on("unhandledRejection", fail);
  try {
    const end = scenario.startMs + scenario.days * DAY_MS;
    await runUntil(sim, () => sim.stats.calls >= scenario.calls, end);
    if (scenario.mode === "liveness" && sim.checks.violation() === null) await converge(cast, runUntil);
    checkGrants(sim);
    sim.checks.expect("X1", true, () => "");
  } catch (error) {
    // What one entry of the queue throws is this seed's, and no reason to lose the others.
    fail(error);
  } finally {
    process.off("unhandledRejection", fail);
  }
  return report(scenario, sim, whole);
}

/** Goes on until that moment, or until it holds. */
async function runUntil(sim: Sim, holds: () => boolean, until: number): Promise<void> {
  const { scheduler, checks, scenario } = sim;
  const most = Math.max(LEAST_STEPS, scenario.calls * STEPS_PER_CALL);
  while (!holds() && checks.violation() === null && (await scheduler.step(until))) {
    if (scheduler.steps() > most) checks.expect("L8", false, () => `more than ${most} steps`);
  }
}

function assemble(scenario: Scenario, whole: boolean): Cast {
  let wake = () => {};
  let calls: ReturnType<typeof createCallChecks> | null = null;
  const sim = openSim(scenario, {
    whole,
    hooks: {
      wake: () => wake(),
      beforeCall: (process, target) => calls?.before(process, target),
      afterCall: (process, sentAt) => {
        sim.stats.calls += 1;
        calls?.after(process, sentAt);
      },
    },
  });
  const until = scenario.startMs + scenario.days * DAY_MS * RELEASED_WITHIN;
  const weather = startWeather(sim);
  calls = createCallChecks(sim, createLedgerChecks(sim), () => weather);
  playInstances(sim);
  const github = scenario.github ? openGitHub(sim) : null;
  if (github !== null) watchReports(sim, github);
  const pipeline = createPipeline(sim);
  startPipeline(sim, pipeline, until);
  const people = createPeople(sim);
  startPeople(sim, people, until);
  const schedule = startSchedule(sim, createLambda(sim));
  startTagMoves(sim, pipeline);
  wake = () => schedule.wake();
  return { sim, schedule, weather, pipeline, people, github };
}

function report(scenario: Scenario, sim: Sim, whole: boolean): RunResult {
  const { checks, scheduler, trace, stats, chaos } = sim;
  const violation = checks.violation();
  return {
    seed: scenario.seed,
    mode: scenario.mode,
    hash: trace.hash(),
    violation,
    simulatedMs: scheduler.now() - scenario.startMs,
    steps: scheduler.steps(),
    stats,
    fired: chaos.fired(),
    checked: checks.counts(),
    story: violation === null && !whole ? [] : trace.lines(),
  };
}
