import { type ChildProcess, spawn } from "node:child_process";
import type { RunningStep, StepCommand, StepExit } from "./engine.ts";

export interface TerraformProcess {
  readonly program: string;
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** After Terraform has ended, for output that is still in a pipe. */
const DRAIN_MS = 2_000;

/**
 * Starts Terraform without a shell, in a process group of its own: a Ctrl-C on the runner's terminal must not reach
 * Terraform a second time beside the runner's interrupt, since on two it gives up what it is doing.
 */
export function startTerraform(terraform: TerraformProcess, command: StepCommand): RunningStep {
  const child = spawn(terraform.program, [...command.args], {
    cwd: terraform.directory,
    env: { ...terraform.environment, ...command.environment },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  child.stdout.on("data", (bytes: Buffer) => command.onOutput("stdout", bytes));
  child.stderr.on("data", (bytes: Buffer) => command.onOutput("stderr", bytes));
  return {
    exit: awaitExit(child),
    interrupt: () => void child.kill("SIGINT"),
    kill: () => killGroup(child),
  };
}

function awaitExit(child: ChildProcess): Promise<StepExit> {
  return new Promise((resolve) => {
    child.once("error", (error) => {
      if (child.pid === undefined) resolve({ kind: "not-started", problem: error.message });
    });
    child.once("exit", (code, signal) => {
      const exit: StepExit =
        code === null ? { kind: "killed", signal: signal ?? "SIGKILL", outOfMemory: false } : { kind: "exited", code };
      // What Terraform started must not outlive it: a stray child would keep the pipes open and work on unseen.
      killGroup(child);
      const giveUp = setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
      }, DRAIN_MS);
      child.once("close", () => {
        clearTimeout(giveUp);
        resolve(exit);
      });
    });
  });
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch (error) {
    // Nobody is left in it.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
