import { Command } from "commander";
import { addActCommands } from "./add-act-commands.ts";
import { addBoardCommand } from "./add-board-command.ts";
import { addCheckCommands } from "./add-check-commands.ts";
import { addGitHubCommands } from "./add-github-commands.ts";
import { addIsolationCommand } from "./add-isolation-command.ts";
import { addMappingCommands } from "./add-mapping-commands.ts";
import { addReleaseCommand } from "./add-release-command.ts";
import { addSeeCommands } from "./add-see-commands.ts";
import type { CliWorld } from "./cli-world.ts";
import type { RunCommand } from "./run-cli.ts";

/** Every command with its options and help; none of what they do is loaded. */
export function createProgram(world: CliWorld, run: RunCommand): Command {
  const program = new Command("windlass")
    .description("Sees and steers deployments across AWS accounts.")
    .exitOverride()
    .configureOutput({ writeOut: world.write, writeErr: world.writeError });
  addSeeCommands(program, world, run);
  addActCommands(program, world, run);
  addBoardCommand(program, world, run);
  addCheckCommands(program, world, run);
  addReleaseCommand(program, world, run);
  addMappingCommands(program, world, run);
  addIsolationCommand(program, world, run);
  addGitHubCommands(program, world, run);
  program
    .command("completion")
    .description("Prints the script with which a shell completes windlass: source <(windlass completion bash)")
    .argument("<shell>", "bash, zsh or fish")
    .addHelpText("after", "\nExit codes: 0, 2 for another shell.")
    .action((shell: string) =>
      run(async () => (await import("./completion.ts")).printCompletion(world, shell, program)),
    );
  return program;
}
