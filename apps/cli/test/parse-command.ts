import { CommanderError } from "commander";
import type { CliWorld } from "../src/cli-world.ts";
import { createProgram } from "../src/create-program.ts";

/** Whether `windlass` has such a command with these arguments and options; nothing is run. Null: it has; else, why not. */
export async function problemOf(command: string): Promise<string | null> {
  const [program, ...args] = wordsOf(command);
  if (program !== "windlass") return `${program} is another program`;
  let said = "";
  let ran = false;
  const hear = (text: string) => {
    said += text;
  };
  const world = { write: () => {}, writeError: hear } as unknown as CliWorld;
  try {
    await createProgram(world, async () => {
      ran = true;
    }).parseAsync(args, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? null : said.trim();
  }
  return ran ? null : "it runs nothing";
}

/** As a shell would cut them: quotes hold words together. */
function wordsOf(command: string): readonly string[] {
  return [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? "",
  );
}
