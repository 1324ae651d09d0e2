import type { Command } from "commander";
import type { CliWorld } from "./cli-world.ts";
import type { DiffOptions } from "./mapping-diff.ts";
import type { ResolveOptions } from "./mapping-resolve.ts";
import type { ValidateOptions } from "./mapping-validate.ts";
import type { RunCommand } from "./run-cli.ts";

export function addMappingCommands(program: Command, world: CliWorld, run: RunCommand): void {
  const mapping = program.command("mapping").description("The account mapping");
  mapping
    .command("validate")
    .description("Says everything that is wrong with an account mapping, each with file, line and column.")
    .argument("<file>", "the account mapping")
    .option("--json", "print one JSON object: { ok, file, problems: [{ code, line, column, path, ... }] }")
    .addHelpText("after", "\nExit codes: 0 the mapping is right, 1 it is not, 2 the file can not be read.")
    .action((file: string, options: ValidateOptions) =>
      run(async () => (await import("./mapping-validate.ts")).validateMapping(world, file, options)),
    );
  mapping
    .command("resolve")
    .description("Says what an area is, and where it looks for its images.")
    .argument("<file>", "the account mapping")
    .option("--branch <branch>", "the area that this branch deploys to")
    .option("--account <id>", "the area that is deployed to this account")
    .option("--area <area>", "the area of this name")
    .option("--json", "print one JSON object: { kind, area, branch, account, region, alias, window, heads, ... }")
    .addHelpText("after", "\nExit codes: 0 it is known, 2 the command could not be run, 3 there is no such area.")
    .action((file: string, options: ResolveOptions) =>
      run(async () => (await import("./mapping-resolve.ts")).resolveMapping(world, file, options)),
    );
  mapping
    .command("diff")
    .description(
      "Says what another account mapping changes, area by area, however it is written; what is the default is not said.",
    )
    .argument("<old>", "the account mapping as it is")
    .argument("<new>", "as it shall be")
    .option("--json", "print one JSON object: { kind, areas: [{ area, kind, changes: [{ path, before, after }] }] }")
    .addHelpText("after", "\nExit codes: 0 nothing changes, 1 something does, 2 the command could not be run.")
    .action((from: string, to: string, options: DiffOptions) =>
      run(async () => (await import("./mapping-diff.ts")).diffMappings(world, { from, to }, options)),
    );
  mapping
    .command("schema")
    .description("Prints the JSON Schema of account mappings, for editors.")
    .action(() => run(async () => (await import("./mapping-schema.ts")).printSchema(world)));
}
