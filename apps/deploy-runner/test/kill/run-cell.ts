import { setTimeout as wait } from "node:timers/promises";
import type { Deployment } from "@windlass/deployment";
import { listNotGranted } from "../support/granted.ts";
import type { Instance } from "./instances.ts";
import { isLockReport, judgeAftermath, judgeDeployment } from "./judge.ts";
import { IMAGES, type KillArea, type StateMode } from "./kill-area.ts";
import { type Kind, strike } from "./kinds.ts";
import { isStateWrite, isWithin, type Phase, stepSeconds, watchForMoment } from "./moments.ts";
import { createRandom, type Random } from "./random.ts";
import { groupOf, isAtRest, lockKey, type Settling, settleUntil, stateKey } from "./settle.ts";

export interface Cell {
  readonly kind: Kind;
  readonly phase: Phase;
}

export interface CellRun extends Cell {
  readonly mode: StateMode;
  readonly seed: number;
}

export interface CellEnd extends CellRun {
  readonly outcome: Deployment["state"] | "none";
  /** Whether the strike came while the phase was going on. */
  readonly within: boolean;
  /** What became of the state's lock: free by itself, or broken by the next deployment, or reported by it. */
  readonly lock: "free" | "broken" | "reported";
  readonly violations: readonly string[];
  readonly seconds: number;
  /** For whoever looks into a violation. */
  readonly log: string;
}

/** Runs cell after cell in one area. */
export interface CellRunner {
  /** Deploys each image once: what is struck then has a state that it may lose. */
  prepare(): Promise<void>;
  run(run: CellRun): Promise<CellEnd>;
}

/** A share of the strikes while the state is saved finds S3 refusing it. */
const REFUSED_SHARE = 0.3;
const MOST_FOLLOW_UPS = 3;
/** Around each creation of what is struck. */
const PAUSE_SECONDS = 0.1;

export function createCellRunner(area: KillArea): CellRunner {
  const versions = new Map<string, number>();
  const live = new Map<string, string>();
  const typical = new Map<string, number>([
    ["init", 1],
    ["plan", 1],
    ["apply", 2],
  ]);

  function release(mode: StateMode, pause: number): Release {
    const { version, digest } = area.release(mode, pause);
    versions.set(digest, version);
    return { version, digest, image: IMAGES[mode] };
  }

  /** Deploys a new digest to its end and says how long its steps take now. */
  async function followUp(settling: Settling, mode: StateMode): Promise<Deployment | null> {
    const { image, digest } = release(mode, 0);
    if (area.ledger().images[image]?.block != null) await area.unblock(image);
    let instance: Instance | null = null;
    const isOver = () => {
      instance = area.instances.on() ?? instance;
      const newest = area.newest(image);
      // What was lost for want of this machine's time is tried again by itself.
      return newest?.digest === digest && hasEnded(newest) && newest.state !== "lost" && isAtRest(area);
    };
    if (!(await settleUntil(settling, isOver))) return null;
    for (const [step, seconds] of Object.entries(stepSeconds(instanceLog(instance)))) typical.set(step, seconds);
    return area.newest(image);
  }

  /** Until one succeeds: whoever is told of a lock breaks it by hand. */
  async function follow(settling: Settling, mode: StateMode) {
    const first = await followUp(settling, mode);
    const aftermath = takeAftermath(area, mode, first);
    let last = first;
    for (let count = 1; count < MOST_FOLLOW_UPS && last !== null && isLockReport(last); count += 1) {
      area.remove(lockKey(mode));
      last = await followUp(settling, mode);
    }
    if (last !== null && last.state !== "succeeded" && !isLockReport(last)) await area.unblock(IMAGES[mode]);
    return { first, violations: [...judgeAftermath(aftermath), ...judgeLast(last)] };
  }

  async function runOne(run: CellRun, random: Random): Promise<Omit<CellEnd, keyof CellRun | "seconds">> {
    const problems: string[] = [];
    const settling = { area, versions, live, problems };
    if (run.phase === "pull" && random.chance(0.3)) area.forgetImages();
    const released = release(run.mode, PAUSE_SECONDS);
    const struck = await launchAndStrike({ area, run, random, settling, typical: (step) => typical.get(step) ?? 1 });
    const hasItsEnd = () => endOf(area, struck.instance) !== null;
    if (!(await settleUntil(settling, hasItsEnd))) problems.push("the deployment does not come to its end");
    const deployment = endOf(area, struck.instance);
    const locked = area.read(lockKey(run.mode)) !== null;
    const judged =
      deployment === null ? [] : judgeDeployment(takeEvidence(area, { run, released, deployment, struck }));
    const { first, violations } = await follow(settling, run.mode);
    return {
      outcome: deployment?.state ?? "none",
      within: struck.within,
      lock: lockAfter(first),
      violations: [
        ...new Set([
          ...problems,
          ...judged,
          ...violations,
          ...judgeLock(locked, first),
          ...listNotGranted(area.sandbox),
        ]),
      ],
      log: struck.instance?.log() ?? "",
    };
  }

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const giveUpTurn = await area.takeTurn();
    try {
      return await work();
    } finally {
      await giveUpTurn();
    }
  }

  return {
    prepare: () =>
      inTurn(async () => {
        for (const mode of Object.keys(IMAGES) as StateMode[]) {
          const settling = { area, versions, live, problems: [] };
          const first = await followUp(settling, mode);
          if (first?.state !== "succeeded") throw new Error(`the first deployment ended ${first?.state ?? "never"}`);
        }
      }),
    run: (run) =>
      inTurn(async () => {
        const start = performance.now();
        const end = await runOne(run, createRandom(run.seed));
        return { ...run, ...end, seconds: (performance.now() - start) / 1000 };
      }),
  };
}

interface Release {
  readonly version: number;
  readonly digest: string;
  readonly image: string;
}

interface Launching {
  readonly area: KillArea;
  readonly run: CellRun;
  readonly random: Random;
  readonly settling: Settling;
  readonly typical: (step: string) => number;
}

interface Struck {
  readonly instance: Instance | null;
  readonly within: boolean;
}

async function launchAndStrike({ area, run, random, settling, typical }: Launching): Promise<Struck> {
  const moment = watchForMoment({ area, phase: run.phase, random, typical });
  const allow = run.phase === "save" && random.chance(REFUSED_SHARE) ? refuseState(area) : () => {};
  try {
    await settleUntil(settling, () => area.instances.on() !== null);
    const instance = area.instances.on();
    if (instance === null) return { instance, within: false };
    instance.atEnd.push(allow);
    const came = await moment.come(instance);
    moment.end();
    const within = came === "come" && area.instances.on() === instance && isWithin(run.phase, instance);
    await strike(run.kind, { area, instance, random });
    return { instance, within };
  } finally {
    moment.end();
  }
}

function refuseState({ sandbox }: KillArea): () => void {
  return sandbox.faults.add({ kind: "error-before", code: "AccessDenied", status: 403, match: isStateWrite });
}

function hasEnded({ state }: Deployment): boolean {
  return state !== "waiting" && state !== "launching" && state !== "running";
}

function endOf(area: KillArea, instance: Instance | null): Deployment | null {
  const deployment = instance === null ? null : area.deployment(instance.deployment);
  return deployment !== null && hasEnded(deployment) ? deployment : null;
}

function instanceLog(instance: Instance | null): string {
  return instance?.log() ?? "";
}

interface Ended {
  readonly run: CellRun;
  readonly released: Release;
  readonly deployment: Deployment;
  readonly struck: Struck;
}

function takeEvidence(area: KillArea, { run, released, deployment, struck }: Ended) {
  const records = `runs/${deployment.id}`;
  return {
    version: released.version,
    deployment,
    created: struck.instance?.created() ?? [],
    state: area.read(stateKey(run.mode)),
    erroredState: area.read(`${records}/errored.tfstate`),
    claim: area.read(`${records}/claim.json`),
    result: area.read(`${records}/result.json`),
    live: area.ledger().images[released.image]?.live?.deployment === deployment.id,
  };
}

function takeAftermath(area: KillArea, mode: StateMode, followUp: Deployment | null) {
  const { desired, ids: instances } = groupOf(area.sandbox);
  const locked = area.read(lockKey(mode)) !== null && (followUp === null || !isLockReport(followUp));
  return { followUp, locked, desired, instances, containers: area.containers() };
}

function lockAfter(next: Deployment | null): CellEnd["lock"] {
  if (next?.brokenLock != null) return "broken";
  return next !== null && isLockReport(next) ? "reported" : "free";
}

/** A lock that was left does not go by itself. */
function judgeLock(locked: boolean, next: Deployment | null): readonly string[] {
  return locked && lockAfter(next) === "free" ? ["the lock that was left is gone, and nobody says why"] : [];
}

function judgeLast(last: Deployment | null): readonly string[] {
  return last?.state === "succeeded" ? [] : ["no later deployment succeeds"];
}

/** Others who wait for containers on this machine get a chance between two runs. */
export async function pauseForOthers(): Promise<void> {
  await wait(300);
}
