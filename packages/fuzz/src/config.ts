import { parseArgs } from "node:util";
import { TARGETS } from "./targets/targets.ts";

/** The one place where it is decided what is run. */
export interface FuzzConfig {
  readonly cases: number;
  readonly seed: number;
  /** Names of targets. */
  readonly only: readonly string[];
}

const DEFAULT_CASES = "2000";

/**
 * `--cases`, or `WINDLASS_FUZZ_CASES`, or 2,000; `--seed`; `--only` with names of targets and commas between them.
 * Throws a `RangeError` for what is none of that.
 */
export function readConfig(
  env: Readonly<Record<string, string | undefined>>,
  args: readonly string[] = [],
): FuzzConfig {
  const { values } = parseArgs({
    args: [...args],
    options: { cases: { type: "string" }, seed: { type: "string" }, only: { type: "string" } },
  });
  const known = TARGETS.map(({ name }) => name);
  const only = values.only?.split(",") ?? known;
  const strange = only.find((name) => !known.includes(name));
  if (strange !== undefined) throw new RangeError(`--only: expected ${known.join(", ")}; found "${strange}"`);
  return {
    cases: readNumber("cases", values.cases ?? env["WINDLASS_FUZZ_CASES"] ?? DEFAULT_CASES),
    seed: readNumber("seed", values.seed ?? "1"),
    only,
  };
}

function readNumber(name: string, text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new RangeError(`${name}: expected a whole number above 0, found "${text}"`);
}
