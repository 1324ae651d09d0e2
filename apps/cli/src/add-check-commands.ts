import type { Command } from "commander";
import { addAreaOptions } from "./area-options.ts";
import type { CliWorld } from "./cli-world.ts";
import type { DoctorOptions } from "./doctor/doctor.ts";
import type { RunCommand } from "./run-cli.ts";

/** Commands that look whether everything is set up. */
export function addCheckCommands(program: Command, world: CliWorld, run: RunCommand): void {
  addAreaOptions(program.command("doctor"))
    .description(
      "Looks whether an area is set up: account, bucket, registry, group, schedules, ticks, topics, GitHub App.",
    )
    .requiredOption("--area <area>", "this area")
    .option("--json", "print one JSON object: { ok, area, findings: [{ kind, code, subject, message, hint }] }")
    .addHelpText(
      "after",
      "\nExit codes: 0 nothing is wrong, 1 something is, 2 the command could not be run, 3 there is no such area, 5 the area can not be looked at.\nWhat your own rights do not reach is said, and is no fault.",
    )
    .action((options: DoctorOptions) => run(async () => (await import("./doctor/doctor.ts")).examine(world, options)));
}
