import type { Command } from "commander";
import type { CliWorld } from "./cli-world.ts";
import type { ReleaseOptions } from "./release.ts";
import type { RunCommand } from "./run-cli.ts";

const exitCodes = `
Exit codes: 0 released, or nothing to do; 1 the release failed; 2 the command could not be run;
3 no area has this branch; 4 released, and overtaken by another release at once.`;

export function addReleaseCommand(program: Command, world: CliWorld, run: RunCommand): void {
  program
    .command("release")
    .description("Releases an image to the area of a branch: moves the area's tag, and keeps the heads before it.")
    .requiredOption("--mapping <file>", "the account mapping")
    .requiredOption("--image <name>", "the image, as the mapping calls it")
    .requiredOption("--branch <branch>", "the branch that was built; it says the area")
    .requiredOption("--commit <sha>", "the commit that was built: all 40 digits")
    .option("--digest <digest>", "the image's digest, as its push printed it")
    .option("--tag <tag>", "a tag that the image has, instead of --digest")
    .option("--time <time>", "when it was built, such as 2026-11-24T09:00:00Z; now, when not given")
    .option("--dry-run", "say what would be done, and do nothing")
    .option("--json", "print one JSON object: { kind, area, repository, tag, digest, from, head, changes, ... }")
    .addHelpText("after", exitCodes)
    .action((options: ReleaseOptions) => run(async () => (await import("./release.ts")).release(world, options)));
}
