import { setTimeout as wait } from "node:timers/promises";
import type { FaultSubject } from "@windlass/sandbox";
import { INSTANCE_ROLE } from "../support/records.ts";
import type { Instance } from "./instances.ts";
import type { KillArea } from "./kill-area.ts";
import type { Random } from "./random.ts";
import { RESOURCES } from "./test-module.ts";

/** When somebody strikes. The first and last moments of apply are those around its first and last resource. */
export const PHASES = ["pull", "init", "plan", "apply-first", "apply-last", "save", "result", "retire"] as const;
export type Phase = (typeof PHASES)[number];

/** A moment to be waited for: it is watched for from before the instance boots. */
export interface Moment {
  /** Resolves at it. `missed`: the instance was at its end before. */
  come(instance: Instance): Promise<"come" | "missed">;
  end(): void;
}

export interface MomentOptions {
  readonly area: KillArea;
  readonly phase: Phase;
  readonly random: Random;
  /** Seconds that a step took lately, in its container's own time and the engine's. */
  readonly typical: (step: string) => number;
}

/** Each call of a phase takes so long, so that there is a middle of it. */
const CALL_MS = 250;
const LOOK_MS = 10;

export function watchForMoment(options: MomentOptions): Moment {
  const { random, typical } = options;
  const share = (from: number, to: number) => random.between(from, to);
  switch (options.phase) {
    case "pull":
      return atCall(options, { match: isPull, arrives: true }, share(0, 0.7));
    case "init":
    case "plan":
      return inStep(options.phase, { after: containerRuns, seconds: share(0, typical(options.phase) * 0.5) }, options);
    case "apply-first":
      return random.chance(0.5)
        ? inStep("apply", { after: containerRuns, seconds: share(0, typical("apply") * 0.3) }, options)
        : inStep("apply", { after: hasCreated(1), seconds: share(0, 0.15) }, options);
    case "apply-last":
      return random.chance(0.5)
        ? inStep("apply", { after: hasCreated(RESOURCES.length - 1), seconds: share(0, 0.35) }, options)
        : inStep("apply", { after: hasCreated(RESOURCES.length), seconds: share(0, 0.1) }, options);
    case "save":
      return atCall(options, { match: isStateWrite, arrives: true }, share(0, 0.45));
    case "result":
      return atCall(options, { match: isResultWrite, arrives: random.chance(0.5) }, share(0, 0.3));
    case "retire":
      return atCall(options, { match: isLeaving, arrives: true }, share(0, 0.7));
  }
}

/** Whether the phase is still going on: a strike that comes after it is one in the next phase. */
export function isWithin(phase: Phase, instance: Instance): boolean {
  const { runs, started } = stepsIn(instance.log());
  switch (phase) {
    case "pull":
      return started === null;
    case "init":
    case "plan":
      return runs && started === phase;
    case "apply-first":
    case "apply-last":
      return runs && started === "apply";
    case "save":
    case "result":
    case "retire":
      return instance.runner.exitCode === null;
  }
}

function stepsIn(log: string): { readonly runs: boolean; readonly started: string | null } {
  const lines = log.split("\n").filter((line) => /"msg":"step (?:started|ended)"/.test(line));
  const last = lines.at(-1);
  const started = last === undefined ? null : (JSON.parse(last) as { readonly step: string }).step;
  return { runs: last?.includes("step started") ?? false, started };
}

/** Seconds of each step that a log tells of. */
export function stepSeconds(log: string): Readonly<Record<string, number>> {
  const ended = log.split("\n").filter((line) => line.includes('"msg":"step ended"'));
  const lines = ended.map((line) => JSON.parse(line) as { readonly step: string; readonly seconds: number });
  return Object.fromEntries(lines.map(({ step, seconds }) => [step, seconds]));
}

const isPull = ({ service, action }: FaultSubject) => service === "ecr" && /^Pull(?:Manifest|Blob)$/.test(action);
const isResultWrite = (subject: FaultSubject) => isWriteOf(subject, /^runs\/.*\/result\.json$/);
/** Taking off its protection, looking who else is there, and the end. */
const isLeaving = ({ service, role, action, input }: FaultSubject) =>
  service === "autoscaling" &&
  role === INSTANCE_ROLE &&
  !(action === "SetInstanceProtection" && String(input["ProtectedFromScaleIn"]) === "true");

export function isStateWrite(subject: FaultSubject): boolean {
  return isWriteOf(subject, /^state\/.*\.tfstate$/);
}

function isWriteOf({ service, action, input }: FaultSubject, key: RegExp): boolean {
  return service === "s3" && action === "PutObject" && key.test(String(input["Key"]));
}

interface CallMoment {
  readonly match: (subject: FaultSubject) => boolean;
  /** Whether what is under way takes effect, whoever has died meanwhile; if not, the first try is lost. */
  readonly arrives: boolean;
}

function atCall({ area }: MomentOptions, { match, arrives }: CallMoment, seconds: number): Moment {
  let seen = false;
  const { faults } = area.sandbox;
  const ends = [
    faults.add({
      kind: "latency",
      ms: CALL_MS,
      match(subject) {
        const matches = match(subject);
        seen ||= matches;
        return matches;
      },
    }),
    arrives ? () => {} : faults.add({ kind: "error-before", code: "ECONNRESET", times: 1, match }),
  ];
  const end = () => {
    for (const call of ends) call();
  };
  return { come: (instance) => comeAfter(instance, () => seen, seconds), end };
}

type Condition = (instance: Instance, area: KillArea) => boolean;

interface StepMoment {
  readonly after: Condition;
  readonly seconds: number;
}

function inStep(step: string, { after, seconds }: StepMoment, { area }: MomentOptions): Moment {
  let began = false;
  const holds = (instance: Instance) => {
    began ||= stepsIn(instance.log()).started === step;
    return began && (after(instance, area) || !stepsIn(instance.log()).runs);
  };
  return { come: (instance) => comeAfter(instance, () => holds(instance), seconds), end() {} };
}

/** Its Terraform has begun, or is about to. */
const containerRuns: Condition = (_, { instances }) => instances.running().length > 0;

function hasCreated(count: number): Condition {
  return (instance) => instance.created().length >= count;
}

async function comeAfter(instance: Instance, holds: () => boolean, seconds: number): Promise<"come" | "missed"> {
  while (!holds()) {
    if (instance.silent || instance.runner.exitCode !== null) return "missed";
    await wait(LOOK_MS);
  }
  await wait(seconds * 1000);
  return "come";
}
