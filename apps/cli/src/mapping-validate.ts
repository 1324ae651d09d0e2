import { type AccountMapping, describeProblem, MappingError, type MappingProblem } from "@windlass/account-mapping";
import type { CliWorld } from "./cli-world.ts";
import { exitCode } from "./exit-code.ts";
import { printJson } from "./print-json.ts";
import { readMapping } from "./read-file.ts";
import { count } from "./words.ts";

export interface ValidateOptions {
  readonly json?: true;
}

/** `windlass mapping validate`: 0 where the mapping is right, 1 where it is not. Throws where it can not be read. */
export function validateMapping(world: CliWorld, file: string, options: ValidateOptions): number {
  const { mapping, problems } = check(world, file);
  const ok = problems.length === 0;
  if (options.json === true) printJson(world, { ok, file, problems });
  else world.write(`${describe(file, mapping, problems)}\n`);
  return ok ? exitCode.ok : exitCode.failed;
}

interface Checked {
  readonly mapping: AccountMapping | null;
  readonly problems: readonly MappingProblem[];
}

function check(world: CliWorld, file: string): Checked {
  try {
    return { mapping: readMapping(file, world), problems: [] };
  } catch (error) {
    if (error instanceof MappingError) return { mapping: null, problems: error.problems };
    throw error;
  }
}

function describe(file: string, mapping: AccountMapping | null, problems: readonly MappingProblem[]): string {
  if (mapping === null)
    return [...problems.map(describeProblem), "", `${count(problems.length, "problem")}.`].join("\n");
  const [areas, images] = [Object.keys(mapping.areas), Object.keys(mapping.images)];
  return `${file} is right: ${count(areas.length, "area")}, ${count(images.length, "image")}.`;
}
