import type { Command } from "commander";
import type { CliWorld } from "./cli-world.ts";
import type { IsolationOptions } from "./isolation.ts";
import type { RunCommand } from "./run-cli.ts";

export function addIsolationCommand(program: Command, world: CliWorld, run: RunCommand): void {
  program
    .command("isolation")
    .description("Proves from the synthesized templates that nobody reaches from one account into another.")
    .option("--templates <folder>", "what the CDK synthesized, with its manifest.json", "cdk.out")
    .option("--mapping <file>", "the account mapping: the templates must be those of all its accounts")
    .option("--table", "say every question that was asked, with its answer")
    .option("--json", "print one JSON object: { ok, examined, findings: [{ code, account, stack, logicalId, ... }] }")
    .addHelpText("after", "\nExit codes: 0 it is proven, 1 it is not, 2 the command could not be run.")
    .action((options: IsolationOptions) =>
      run(async () => (await import("./isolation.ts")).proveIsolation(world, options)),
    );
}
