import {
  type Engine,
  type RunnerClock,
  RunnerError,
  type StepCommand,
  type StepExit,
  type Workspace,
} from "@windlass/deploy-runner";
import { type Assignment, parseImageDigest } from "@windlass/deployment";
import type { SimProcess } from "../core/process.ts";
import type { Sim } from "../core/sim.ts";
import { endApply } from "../world/apply-truth.ts";
import type { Apply, Build } from "../world/truth.ts";
import { playUnlock } from "./terraform-lock.ts";
import type { StepStage, WorkspacePlans } from "./terraform-stage.ts";
import { playApply, playInit, playPlan, playShow } from "./terraform-steps.ts";

export interface EnginePlace {
  readonly sim: Sim;
  readonly process: SimProcess;
  readonly clock: RunnerClock;
  readonly instance: string;
  readonly nonce: string;
}

/** A Terraform that changes a world of its own, which remembers what was done to it. */
export function createScriptedTerraform(place: EnginePlace): Engine {
  return { prepare: (assignment, signal) => prepare(place, assignment, signal) };
}

async function prepare(place: EnginePlace, assignment: Assignment, signal: AbortSignal): Promise<Workspace> {
  const { sim, clock } = place;
  await wait(clock, sim.random.between(2, 20));
  if (signal.aborted) throw new Error("the pull was aborted");
  const pull = `${place.process.name} pulls ${assignment.image}`;
  if (sim.chaos.draws("disk-full")) {
    sim.chaos.struck("disk-full", `${pull}, and the disk is full`);
    throw refused("disk-full", "no space left on device");
  }
  const build = sim.truth.builds.get(assignment.digest);
  if (build === undefined || !build.exists) throw refused("image-missing", "the registry does not have the digest");
  if (!build.pullable) {
    sim.chaos.struck("layers-missing", `${pull}, and a layer is not there`);
    throw refused("image-missing", "a layer is missing");
  }
  if (sim.chaos.draws("layers-missing")) {
    sim.chaos.struck("layers-missing", `${pull}, and a layer can not be read this time`);
    throw refused("registry-unreachable", "a layer could not be read", true);
  }
  return openWorkspace(place, assignment, build);
}

function refused(code: "disk-full" | "image-missing" | "registry-unreachable", message: string, retryable = false) {
  return new RunnerError({ code, message, retryable });
}

function openWorkspace(place: EnginePlace, assignment: Assignment, build: Build): Workspace {
  const files = new Map<string, string>();
  const plans: WorkspacePlans = { last: null, made: 0 };
  const below = (folder: string) => [...files.keys()].filter((name) => name.startsWith(`${folder}/`));
  return {
    digest: parseImageDigest(build.digest),
    writeFile: async (name, content) => void files.set(name, Buffer.from(content).toString()),
    async readFile(name) {
      const text = files.get(name);
      return text === undefined ? null : Buffer.from(text);
    },
    listFiles: async (folder) => below(folder).map((name) => name.slice(folder.length + 1)),
    async clearFolder(folder) {
      for (const name of below(folder)) files.delete(name);
    },
    start: (command) => startStep({ place, assignment, build, files, plans }, command),
    dispose: async () => {},
  };
}

interface Opened {
  readonly place: EnginePlace;
  readonly assignment: Assignment;
  readonly build: Build;
  readonly files: Map<string, string>;
  readonly plans: WorkspacePlans;
}

function startStep({ place, assignment, build, files, plans }: Opened, command: StepCommand) {
  const { sim, process, clock, instance, nonce } = place;
  let interrupts = 0;
  let apply: Apply | null = null;
  let endNow: (exit: StepExit) => void = () => {};
  const ended = new Promise<StepExit>((resolve) => {
    endNow = resolve;
  });
  let over = false;
  const kill = (): void => {
    if (over) return;
    over = true;
    if (apply !== null) endApply(sim, apply, "killed");
    endNow({ kind: "killed", signal: "SIGKILL", outOfMemory: false });
  };
  process.onDeath(kill);
  const stage: StepStage = {
    sim,
    build,
    state: sim.truth.states.get(assignment.image) ?? { serial: 0, lock: null },
    job: { deployment: assignment.deployment, instance, nonce, keeping: assignment.state },
    files,
    plans,
    out: (text) => over || command.onOutput("stdout", Buffer.from(text)),
    err: (text) => over || command.onOutput("stderr", Buffer.from(text)),
    // A step that was killed gets no further.
    sleep: (seconds) => wait(clock, seconds).then(() => (over ? new Promise(() => {}) : undefined)),
    interrupted: () => interrupts > 0,
    holds: (begun) => {
      apply = begun;
    },
  };
  void play(stage, command).then((exit) => {
    if (over) return;
    over = true;
    endNow(exit);
  });
  return {
    exit: ended,
    interrupt() {
      interrupts += 1;
    },
    kill,
  };
}

async function play(stage: StepStage, { step, args }: StepCommand): Promise<StepExit> {
  await Promise.resolve();
  switch (step) {
    case "init":
      return await playInit(stage);
    case "plan":
      return await playPlan(stage, args);
    case "show":
      return playShow(stage, args);
    case "apply":
      return await playApply(stage, args);
    case "entrypoint":
      return await playApply(stage, null);
    case "unlock":
      return await playUnlock(stage, args.at(-1));
  }
}

function wait(clock: RunnerClock, seconds: number): Promise<void> {
  return new Promise((resolve) => void clock.schedule(seconds * 1000, resolve));
}
