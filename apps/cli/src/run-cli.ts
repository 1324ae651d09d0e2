import { Command, CommanderError } from "commander";
import { addGitHubCommands } from "./add-github-commands.ts";
import { addIsolationCommand } from "./add-isolation-command.ts";
import { addMappingCommands } from "./add-mapping-commands.ts";
import { addReleaseCommand } from "./add-release-command.ts";
import { addSeeCommands } from "./add-see-commands.ts";
import type { CliWorld } from "./cli-world.ts";
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

function createProgram(world: CliWorld, run: RunCommand): Command {
  const program = new Command("windlass")
    .description("Sees and steers deployments across AWS accounts.")
    .exitOverride()
    .configureOutput({ writeOut: world.write, writeErr: world.writeError });
  addSeeCommands(program, world, run);
  addReleaseCommand(program, world, run);
  addMappingCommands(program, world, run);
  addIsolationCommand(program, world, run);
  addGitHubCommands(program, world, run);
  return program;
}
