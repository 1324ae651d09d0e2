import { mkdir, rm } from "node:fs/promises";
import { totalmem } from "node:os";
import { join } from "node:path";
import type { Assignment } from "@windlass/deployment";
import type { ImageAccess } from "@windlass/ecr-tag-diff";
import type { CredentialsEndpoint } from "../credentials/credentials-endpoint.ts";
import type { Engine, RunningStep, StartFailure, Step, StepCommand, StepExit, Workspace } from "../engine.ts";
import { openVolume } from "../volume.ts";
import type { ContainerCli } from "./container-cli.ts";
import { ensureContainerNetwork } from "./container-network.ts";
import { type ContainerExit, type RunningContainer, startContainer } from "./container-step.ts";
import { copyModule, forgetCopy } from "./copy-module.ts";
import { type PulledImage, pullImage } from "./pull-image.ts";

export interface ContainerEngineOptions {
  readonly cli: ContainerCli;
  /** The registry's images, as the assignment names it. */
  images(assignment: Assignment, signal: AbortSignal): ImageAccess;
  /** Where image references begin; `insecure`: it speaks plain HTTP. */
  registry(assignment: Assignment): { readonly prefix: string; readonly insecure: boolean };
  /** Scratch space; each deployment gets a folder of its own in it. */
  readonly workDirectory: string;
  /** Opens the endpoint from which Terraform gets the apply role's credentials. */
  openCredentials(assignment: Assignment): Promise<CredentialsEndpoint>;
  /** Given to every container beside a step's own: region and, on an emulator, endpoints. */
  readonly environment: Readonly<Record<string, string>>;
}

/** An image that writes elsewhere than below its working directory and /tmp says so with this label. */
const ROOT_LABEL = "io.windlass.root-filesystem";

/** Left to the host: the runner, its container engine, and the page cache for Terraform's providers. */
const HOST_BYTES = 512 * 1_048_576;
const LEAST_BYTES = 256 * 1_048_576;
const MOST_PROCESSES = 4_096;
/** The host's service shields the runner; what is short of memory is ended here first. */
const OOM_SCORE = 500;

/** Runs an image's own Terraform in containers: one for each step, over one directory that begins as the image's. */
export function createContainerEngine(options: ContainerEngineOptions): Engine {
  return {
    async prepare(assignment, signal) {
      const directory = join(options.workDirectory, assignment.deployment);
      await rm(directory, { recursive: true, force: true });
      await mkdir(directory, { recursive: true, mode: 0o700 });
      const [image, network] = await Promise.all([
        pull(options, { assignment, directory, signal }),
        ensureContainerNetwork(options.cli),
      ]);
      try {
        const module = await copyModule(options.cli, { assignment, directory, image });
        const credentials = await options.openCredentials(assignment);
        return openWorkspace({ ...options, assignment, directory, image, network, module, credentials });
      } catch (error) {
        // There is no workspace that could be disposed of.
        await forgetCopy(options.cli, { assignment, image });
        await rm(directory, { recursive: true, force: true });
        throw error;
      }
    },
  };
}

interface Preparing {
  readonly assignment: Assignment;
  readonly directory: string;
}

function pull(options: ContainerEngineOptions, { assignment, directory, signal }: Preparing & { signal: AbortSignal }) {
  const { prefix, insecure } = options.registry(assignment);
  const images = options.images(assignment, signal);
  return pullImage({ cli: options.cli, images, registry: prefix, insecure, directory, signal }, assignment);
}

interface WorkspaceOptions extends ContainerEngineOptions, Preparing {
  readonly image: PulledImage;
  /** What the engine's `--network` takes. */
  readonly network: string;
  /** On the host. */
  readonly module: string;
  readonly credentials: CredentialsEndpoint;
}

function openWorkspace(options: WorkspaceOptions): Workspace {
  const { cli, assignment, image, module, credentials, directory } = options;
  const volume = openVolume(module);
  const names: string[] = [];
  let terraform: Program = PROGRAMS[0];

  function startOne(command: StepCommand, program: Program | null): RunningContainer {
    const name = `windlass-${assignment.deployment}-${names.length}-${command.step}`;
    names.push(name);
    const environment = { ...options.environment, ...credentials.environment, ...command.environment };
    return startContainer({
      ...{ cli, name, program, environment },
      options: fence(options, command, program),
      image: image.id,
      args: command.args,
      onOutput: command.onOutput,
    });
  }

  return {
    // What pulling and inspecting has shown; the engine checked every layer against it.
    digest: assignment.digest,
    get secrets() {
      return credentials.secrets;
    },
    dataDirectory: image.dataDirectory,
    writeFile: volume.write,
    readFile: volume.read,
    listFiles: volume.list,
    findFiles: volume.find,
    clearFolder: volume.clear,
    start(command) {
      if (command.program === "entrypoint") return oneOf([() => startOne(command, null)], NO_ENTRYPOINT);
      const candidates = PROGRAMS.slice(PROGRAMS.indexOf(terraform)).map((program) => () => {
        terraform = program;
        return startOne(command, program);
      });
      return oneOf(candidates, NO_TERRAFORM);
    },
    async dispose() {
      await Promise.all([removeContainers(cli, names), forgetCopy(cli, { assignment, image })]);
      await credentials.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Each for itself: asked to remove one that does not exist among others, podman 4 removes none and says nothing. */
async function removeContainers(cli: ContainerCli, names: readonly string[]): Promise<void> {
  await Promise.all(names.map((name) => cli.call(["rm", "--force", "--volumes", name])));
}

const PROGRAMS = ["terraform", "tofu"] as const;
type Program = (typeof PROGRAMS)[number];

const NO_TERRAFORM: StartFailure = {
  code: "terraform-missing",
  hint: "the image needs terraform or tofu on its PATH, with the interpreter or libraries that it was built for",
  retryable: false,
};
const NO_ENTRYPOINT: StartFailure = {
  code: "image-unfit",
  hint: "the image needs an ENTRYPOINT that is in it, or the account mapping no entrypoint for it",
  retryable: false,
};

/** Starts the first; the next one where the image does not have that program. `none`: it has none of them. */
function oneOf(candidates: readonly (() => RunningContainer)[], none: StartFailure): RunningStep {
  let running: RunningContainer | undefined;
  let interrupts = 0;
  let killed = false;

  async function runFirst(): Promise<StepExit> {
    let missing = "the image has no program to run";
    for (const start of candidates) {
      running = start();
      for (let count = 0; count < interrupts; count += 1) running.interrupt();
      if (killed) running.kill();
      const exit: ContainerExit = await running.exit;
      if (exit.kind !== "program-missing") return exit;
      missing = exit.problem;
    }
    return { kind: "not-started", problem: missing, failure: none };
  }

  return {
    exit: runFirst(),
    interrupt() {
      interrupts += 1;
      running?.interrupt();
    },
    kill() {
      killed = true;
      running?.kill();
    },
  };
}

/** Of those that an engine gives by default: what no program needs that only makes its own account's resources. */
const NEVER_NEEDED = ["NET_RAW", "MKNOD", "AUDIT_WRITE"];

/** What keeps a container within its bounds. An entry point of the image's own may need more than Terraform. */
function fence(
  { assignment, image, network, module }: WorkspaceOptions,
  { step }: StepCommand,
  program: Program | null,
): readonly string[] {
  const memory = Math.max(LEAST_BYTES, totalmem() - HOST_BYTES);
  const entrypoint = program === null;
  const dropped = entrypoint ? NEVER_NEEDED : ["ALL"];
  const writable = entrypoint || image.labels[ROOT_LABEL] === "writable";
  const root = ["--read-only", "--tmpfs", "/tmp:rw,exec,nosuid,nodev", "--tmpfs", "/run:rw,nosuid,nodev"];
  return [
    ...["--hostname", assignment.deployment, "--network", needsNone(step, program) ? "none" : network],
    ...["--security-opt", "no-new-privileges", "--pids-limit", String(MOST_PROCESSES)],
    ...["--memory", String(memory), "--memory-swap", String(memory), "--oom-score-adj", String(OOM_SCORE)],
    ...dropped.flatMap((capability) => ["--cap-drop", capability]),
    ...(writable ? [] : root),
    ...["--volume", `${module}:${image.workingDirectory}`, "--workdir", image.workingDirectory],
  ];
}

/**
 * Terraform shows a plan from its file and from what its providers say over local sockets. OpenTofu may first have to ask a
 * key service for the plan's key: https://opentofu.org/docs/language/state/encryption/
 */
function needsNone(step: Step, program: Program | null): boolean {
  return step === "show" && program === "terraform";
}
