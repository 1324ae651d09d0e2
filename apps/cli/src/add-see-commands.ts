import type { Command } from "commander";
import { addAreaOptions } from "./area-options.ts";
import type { CliWorld } from "./cli-world.ts";
import type { ExplainOptions } from "./explain.ts";
import type { HistoryOptions } from "./history.ts";
import type { LogsOptions } from "./logs.ts";
import type { PlanOptions } from "./plan.ts";
import type { RunCommand } from "./run-cli.ts";
import type { ShowOptions } from "./show.ts";
import type { StatusOptions } from "./status.ts";
import type { WatchOptions } from "./watch.ts";

const OTHERS =
  "2 the command could not be run, 3 there is no such area, image or deployment, 5 an area can not be looked at";
const DEPLOYMENT = "its id, or an image: its newest deployment";

/** Commands that look, and change nothing. */
export function addSeeCommands(program: Command, world: CliWorld, run: RunCommand): void {
  addStatusCommands(program, world, run);
  addHistoryCommands(program, world, run);
  addDecisionCommands(program, world, run);
}

function addStatusCommands(program: Command, world: CliWorld, run: RunCommand): void {
  see(program.command("status"), "0")
    .description(
      "Shows the areas side by side: what is live, what is wanted, what it waits for, what is to be promoted.",
    )
    .option("--area <area>", "this area alone")
    .option("--image <image>", "this image alone")
    .option("--json", "print one JSON object: { at, workload, areas: [{ kind, area, images, ... }], promotion }")
    .action((options: StatusOptions) => run(async () => (await import("./status.ts")).showStatus(world, options)));
  see(program.command("watch"), "0 when it is interrupted")
    .description("Shows the status again and again; without a terminal, a line for each change.")
    .option("--area <area>", "this area alone")
    .option("--image <image>", "this image alone")
    .option("--interval <seconds>", "between two looks", "5")
    .option("--json", "print the status as one line of JSON whenever it has changed")
    .action((options: WatchOptions) => run(async () => (await import("./watch.ts")).watchStatus(world, options)));
}

function addHistoryCommands(program: Command, world: CliWorld, run: RunCommand): void {
  see(program.command("history"), "0")
    .description("Lists deployments that have ended, the newest first.")
    .option("--area <area>", "this area alone")
    .option("--image <image>", "this image alone")
    .option("--outcome <outcome...>", "only these: succeeded, failed, lost, never-started, unknown, state-unsaved, ...")
    .option("--commit <commit>", "only those of this commit, or this digest; the first digits do")
    .option("--since <time>", "decided then or later: 2026-11-24, or 2026-11-24T09:00Z")
    .option("--until <time>", "decided before then")
    .option("--limit <number>", "at most so many for each area", "20")
    .option("--json", "print one JSON object: { areas: [{ area, deployments: [{ deployment, image, state, ... }] }] }")
    .action((options: HistoryOptions) => run(async () => (await import("./history.ts")).showHistory(world, options)));
  see(program.command("show"), "0")
    .description("Shows one deployment: what it is, its timeline, steps, plan counts and reports.")
    .argument("<deployment>", DEPLOYMENT)
    .option("--area <area>", "look in this area alone")
    .option("--json", "print one JSON object: { deployment, area, image, state, timeline, steps, reports, ... }")
    .action((text: string, options: ShowOptions) =>
      run(async () => (await import("./show.ts")).showDeployment(world, text, options)),
    );
  see(program.command("logs"), "0, 1 with -f: the deployment did not succeed")
    .description("Prints what a deployment's steps have printed.")
    .argument("<deployment>", DEPLOYMENT)
    .option("--area <area>", "look in this area alone")
    .option("--step <step>", "this step alone: init, plan, unlock, show, apply or entrypoint")
    .option("-f, --follow", "go on until the deployment has ended")
    .option(
      "--json",
      "print one JSON object: { area, deployment, state, steps: [{ step, text }] }; with -f one for each event",
    )
    .action((text: string, options: LogsOptions) =>
      run(async () => (await import("./logs.ts")).showLogs(world, text, options)),
    );
}

function addDecisionCommands(program: Command, world: CliWorld, run: RunCommand): void {
  see(program.command("explain"), "0")
    .description("Says why an image is not deployed, or what it is doing.")
    .argument("<image>", "as the mapping calls it")
    .requiredOption("--area <area>", "in this area")
    .option("--heads <from>", "registry, or ledger: what the last tick saw", "registry")
    .option("--json", "print one JSON object: { area, image, rules: [{ rule, kind, because }], behind, ... }")
    .action((image: string, options: ExplainOptions) =>
      run(async () => (await import("./explain.ts")).explainImage(world, image, options)),
    );
  see(program.command("plan"), "0")
    .description("Says what the next tick would do; changes nothing.")
    .requiredOption("--area <area>", "in this area")
    .option("--heads <from>", "registry, or ledger: what the last tick saw", "registry")
    .option("--json", "print one JSON object: { area, changes, launched, ended, actions, images, notes, ... }")
    .action((options: PlanOptions) => run(async () => (await import("./plan.ts")).showPlan(world, options)));
}

/** What all of them take, and how they end. */
function see(command: Command, codes: string): Command {
  return addAreaOptions(command).addHelpText("after", `\nExit codes: ${codes}, ${OTHERS}.`);
}
