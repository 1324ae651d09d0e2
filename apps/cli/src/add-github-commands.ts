import type { Command } from "commander";
import type { CliWorld } from "./cli-world.ts";
import type { GitHubCheckOptions } from "./github-check.ts";
import type { RunCommand } from "./run-cli.ts";

export function addGitHubCommands(program: Command, world: CliWorld, run: RunCommand): void {
  const github = program.command("github").description("The GitHub App that shows deployments");
  github
    .command("check")
    .description("Checks App, key, installation, permissions and every mapped repository; changes nothing.")
    .requiredOption("--mapping <file>", "the account mapping")
    .option("--secret <name>", "the secret of Secrets Manager with the App's credentials: its name or ARN")
    .option("--region <region>", "the secret's region; by default the registry's")
    .option("--app-id <id>", "the App's id or client id, instead of --secret")
    .option("--key-file <file>", "the App's private key, with --app-id")
    .option("--api-url <url>", "another GitHub than the mapping's")
    .option("--json", "print one JSON object: { ok, findings: [{ kind, code, subject, message, hint }] }")
    .addHelpText("after", "\nExit codes: 0 all is well, 1 something is not, 2 the command could not be run.")
    .action((options: GitHubCheckOptions) =>
      run(async () => (await import("./github-check.ts")).checkGitHub(world, options)),
    );
}
