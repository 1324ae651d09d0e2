import type { Command } from "commander";
import { CliError } from "./cli-error.ts";

/** What every command that looks at areas takes. */
export interface AreaOptions {
  readonly mapping?: string;
  /** `<profile>`, or `<area>=<profile>`. */
  readonly profile?: readonly string[];
  readonly json?: true;
}

/** Adds them to a command. */
export function addAreaOptions(command: Command): Command {
  return command
    .option("--mapping <file>", "the account mapping; by default WINDLASS_MAPPING")
    .option(
      "--profile <[area=]profile>",
      "AWS profile, for all areas or for one; may be given again; by default WINDLASS_PROFILE_<AREA>, then WINDLASS_PROFILE",
      (value: string, before: readonly string[] = []) => [...before, value],
    );
}

/** A number of seconds from an option. Throws `options-wrong`. */
export function parseSeconds(option: string, text: string): number {
  const seconds = Number(text);
  if (/^\d+(?:\.\d+)?$/.test(text) && seconds > 0 && seconds <= 3600) return seconds;
  throw new CliError({
    code: "options-wrong",
    message: `${option} is no number of seconds`,
    expected: "more than 0, at most 3600",
    found: JSON.stringify(text),
  });
}
