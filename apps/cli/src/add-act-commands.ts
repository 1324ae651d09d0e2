import { type Command, Option } from "commander";
import type { ActOptions } from "./act/act.ts";
import { addAreaOptions } from "./area-options.ts";
import type { CliWorld } from "./cli-world.ts";
import type { RunCommand } from "./run-cli.ts";

const EXIT_CODES = `
Exit codes: 0 it was sent (with --wait: and taken), or there was nothing to do; 2 the command could not be run; 3 there is no
such area, image or commit; 5 the area can not be reached; 6 nobody said yes; 7 with --wait: not taken in time.`;

const ON_IMAGES = [
  ["unhold", "Lets an image follow its tag again."],
  [
    "rollback",
    "Holds an image at what was live before, which is then deployed; the tag is followed again after unhold.",
  ],
  ["retry", "Lets a digest that failed, or was cancelled, be tried again."],
  ["unblock", "Releases an image after unknown or state-unsaved, once a person has looked at the account."],
  ["cancel", "Ends the image's waiting deployment, or asks the running one to stop."],
  ["deploy-now", "Lets the image's head start outside the area's windows, once."],
] as const;

const ON_AREAS = [
  ["pause", "Starts nothing in the area until it is resumed; what runs goes on."],
  ["resume", "Lets deployments start in the area again."],
] as const;

/** Commands that ask an area for something: each is one control, with who and why. */
export function addActCommands(program: Command, world: CliWorld, run: RunCommand): void {
  addImageCommand(program, "hold", { world, run })
    .description(
      "Deploys nothing but one version of an image, until unhold: what is live, or --digest or --commit, which is then deployed. What is live is deployed again where a failed deployment may have changed the account since.",
    )
    .option("--digest <digest>", "the image's digest: sha256: and 64 digits")
    .option("--commit <commit>", "a commit that the area has deployed, or that is its head; the first digits do");
  for (const [name, description] of ON_IMAGES) {
    addImageCommand(program, name, { world, run }).description(description);
  }
  for (const [name, description] of ON_AREAS) {
    act(program.command(name))
      .description(description)
      .action((options: ActOptions) =>
        run(async () => (await import("./act/act.ts")).act(world, { command: name, image: null }, options)),
      );
  }
}

interface Running {
  readonly world: CliWorld;
  readonly run: RunCommand;
}

function addImageCommand(
  program: Command,
  name: "hold" | (typeof ON_IMAGES)[number][0],
  { world, run }: Running,
): Command {
  return act(program.command(name))
    .argument("<image>", "as the mapping calls it")
    .action((image: string, options: ActOptions) =>
      run(async () => (await import("./act/act.ts")).act(world, { command: name, image }, options)),
    );
}

/** What all of them take, and how they end. */
function act(command: Command): Command {
  return addAreaOptions(command)
    .requiredOption("--area <area>", "in this area")
    .requiredOption("--reason <text>", "why: it is kept with who asked")
    .option("--wait", "wait for the tick that takes it, and show what it changed")
    .addOption(new Option("--timeout <duration>", "with --wait: at most so long").default("20m"))
    .option("--yes", "do not ask first, which is done in every area but the mapping's first")
    .option("--dry-run", "say what it would do, and send nothing")
    .option("--id <id>", "of your own making: the same id is acted on once, however often it is sent within a day")
    .option("--json", "print one JSON object: { kind, area, control, because, begins, ends, changes }")
    .addHelpText("after", EXIT_CODES);
}
