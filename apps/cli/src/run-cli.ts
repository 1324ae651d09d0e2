import { CommanderError } from "commander";
import type { CliWorld } from "./cli-world.ts";
import { createProgram } from "./create-program.ts";
import { exitCode } from "./exit-code.ts";

/** A command's own file is loaded when it runs: help and mistakes are to be answered at once. */
export type RunCommand = (work: () => Promise<number>) => Promise<void>;

/** Runs `windlass` with these arguments; resolves to its exit code. Never rejects, and never ends the process. */
export async function runCli(args: readonly string[], world: CliWorld): Promise<number> {
  let code: number = exitCode.ok;
  const program = createProgram(world, async (work) => {
    code = await work();
  });
  try {
    await program.parseAsync([...args], { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.ok : exitCode.usage;
    const [{ describeFailure }, { exitCodeOf }] = await Promise.all([
      import("./describe-failure.ts"),
      import("./cli-error.ts"),
    ]);
    world.writeError(`${describeFailure(error)}\n`);
    return exitCodeOf(error);
  }
}
