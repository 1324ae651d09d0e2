import { describeProblem, MappingError } from "@windlass/account-mapping";
import { redactText } from "@windlass/redaction";
import { describeError } from "@windlass/windlass-error";
import { Command, CommanderError } from "commander";
import type { CliWorld } from "./cli-world.ts";
import { checkGitHub, type GitHubCheckOptions } from "./github-check.ts";

/** Wrong options, or a file that can not be read; 1 is a check's "something is wrong". */
const USAGE = 2;

/** Runs `windlass` with these arguments; resolves to its exit code. Never rejects, and never ends the process. */
export async function runCli(args: readonly string[], world: CliWorld): Promise<number> {
  let code = 0;
  const program = createProgram(world, (exitCode) => {
    code = exitCode;
  });
  try {
    await program.parseAsync([...args], { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE;
    world.writeError(`${describeFailure(error)}\n`);
    return USAGE;
  }
}

function createProgram(world: CliWorld, exit: (code: number) => void): Command {
  const program = new Command("windlass")
    .description("Sees and steers deployments across AWS accounts.")
    .exitOverride()
    .configureOutput({ writeOut: world.write, writeErr: world.writeError });
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
    .action(async (options: GitHubCheckOptions) => exit(await checkGitHub(world, options)));
  return program;
}

function describeFailure(error: unknown): string {
  const text =
    error instanceof MappingError && error.problems.length > 0
      ? error.problems.map(describeProblem).join("\n")
      : describeError(error);
  return redactText(text);
}
