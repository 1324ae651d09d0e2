import type { Assignment, ImageDigest, Result } from "@windlass/deployment";
import type { FoundFiles } from "./find-files.ts";
import type { RunnerErrorCode } from "./runner-error.ts";

export type Step = Result["steps"][number]["step"];

/** Where and with what an image's Terraform runs: in a directory of this machine, or in containers. */
export interface Engine {
  /**
   * Makes a fresh workspace with the image's Terraform module in it. Throws `RunnerError` where it can not; a retryable
   * one where nothing is wrong with the image.
   */
  prepare(assignment: Assignment, signal: AbortSignal): Promise<Workspace>;
}

/** One deployment's own copy of a module. All steps run in it, one after the other. */
export interface Workspace {
  /** What is really there, as far as the engine can measure it. */
  readonly digest: ImageDigest;
  /** What was made for this workspace alone and must never be shown. More may come while a step runs. */
  readonly secrets?: readonly string[];
  /**
   * Where Terraform keeps what init makes, within the module; null: outside of it. `.terraform` where an engine does not
   * say.
   */
  readonly dataDirectory?: string | null;
  /** `name`: a path within the module. Replaces what is there, and makes folders on the way. */
  writeFile(name: string, content: string | Uint8Array): Promise<void>;
  /** Null where there is no such file. */
  readFile(name: string): Promise<Uint8Array | null>;
  /** Regular files below a folder of the module, relative to it; empty where there is none. */
  listFiles(folder: string): Promise<readonly string[]>;
  /** Regular files anywhere in the module, by their name, for an engine that runs entry points. */
  findFiles?(isWanted: (name: string) => boolean): Promise<FoundFiles>;
  /** Leaves the folder empty. */
  clearFolder(folder: string): Promise<void>;
  /** Starts a step. Never throws: what goes wrong is in the exit. */
  start(command: StepCommand): RunningStep;
  /** Removes everything; called once, after the last step. */
  dispose(): Promise<void>;
}

export interface StepCommand {
  readonly step: Step;
  /** What runs: Terraform, or OpenTofu where the image has that, or the image's own entry point. */
  readonly program: "terraform" | "entrypoint";
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Told all output, in the order of each stream, before `exit` is settled. */
  onOutput(stream: "stdout" | "stderr", bytes: Uint8Array): void;
}

export interface RunningStep {
  readonly exit: Promise<StepExit>;
  /** Asks Terraform itself (no shell before it) to stop: SIGINT. A second one makes it give up at once. */
  interrupt(): void;
  /** Ends Terraform and all that it started: SIGKILL. */
  kill(): void;
}

export type StepExit =
  | { readonly kind: "exited"; readonly code: number }
  /** Ended by a signal: ours, the kernel's or a stranger's. `outOfMemory`: the engine says that it was for lack of memory. */
  | { readonly kind: "killed"; readonly signal: string; readonly outOfMemory: boolean }
  | { readonly kind: "not-started"; readonly problem: string; readonly failure?: StartFailure };

/** What kept a step from starting, where it has a code of its own. */
export interface StartFailure {
  readonly code: RunnerErrorCode;
  readonly hint: string | null;
  /** Nothing is wrong with the image: another instance, or another time, may do. */
  readonly retryable: boolean;
}
