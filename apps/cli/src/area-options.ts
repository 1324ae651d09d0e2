import type { Command } from "commander";

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
