import type { Command } from "commander";
import { addAreaOptions } from "./area-options.ts";
import type { CliWorld } from "./cli-world.ts";
import type { RunCommand } from "./run-cli.ts";
import type { StatusOptions } from "./status.ts";

const ACCESS =
  "2 the command could not be run, 3 there is no such area, image or deployment, 5 an area can not be looked at";

/** Commands that look, and change nothing. */
export function addSeeCommands(program: Command, world: CliWorld, run: RunCommand): void {
  addAreaOptions(program.command("status"))
    .description(
      "Shows the areas side by side: what is live, what is wanted, what it waits for, what is to be promoted.",
    )
    .option("--area <area>", "this area alone")
    .option("--image <image>", "this image alone")
    .option("--json", "print one JSON object: { at, workload, areas: [{ kind, area, images, ... }], promotion }")
    .addHelpText("after", `\nExit codes: 0, ${ACCESS}.`)
    .action((options: StatusOptions) => run(async () => (await import("./status.ts")).showStatus(world, options)));
}
