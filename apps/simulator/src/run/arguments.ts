import { parseArgs } from "node:util";
import type { ScenarioSize } from "../core/scenario.ts";

/** What `sim` is asked for. */
export type Command =
  | { readonly kind: "seeds"; readonly first: number; readonly count: number; readonly common: Common }
  | { readonly kind: "soak"; readonly first: number; readonly seconds: number; readonly common: Common }
  | {
      readonly kind: "one";
      readonly seed: number;
      readonly file: string | null;
      readonly how: "run" | "trace" | "minimize";
      /** In place of the product. */
      readonly mutant: string | null;
      readonly common: Common;
    }
  | {
      readonly kind: "mutants";
      readonly names: readonly string[];
      readonly most: number;
      /** Begins with the seed that is known to find each one out. */
      readonly known: boolean;
      readonly common: Common;
    }
  | { readonly kind: "regressions"; readonly common: Common }
  | { readonly kind: "help"; readonly problem: string | null };

export interface Common {
  readonly size: ScenarioSize;
  readonly jobs: number;
}

export const HELP = `pnpm sim --seeds 1000        runs so many seeds
pnpm sim --soak 30m          runs long seeds for that time (s, m, h)
pnpm sim --seed 42           runs one seed; --trace tells its story, --minimize looks for a smaller one
pnpm sim --scenario FILE     the same with a scenario that was kept
pnpm sim --regressions       runs the scenarios that once failed
pnpm sim --mutants [NAME]    kills every mutant, or one; --seeds says within how many seeds at most,
                             --known begins with the seed that is known to find each one out
--mutant NAME with --seed: how that mutant is found out
--first N: the first seed; --long: up to a month and 60 images; --jobs N: processes side by side
`;

const MOST_MUTANT_SEEDS = 150;

export function readArguments(args: readonly string[], processors: number): Command {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        seeds: { type: "string" },
        seed: { type: "string" },
        first: { type: "string" },
        soak: { type: "string" },
        scenario: { type: "string" },
        trace: { type: "boolean" },
        minimize: { type: "boolean" },
        mutants: { type: "boolean" },
        mutant: { type: "string" },
        regressions: { type: "boolean" },
        known: { type: "boolean" },
        long: { type: "boolean" },
        jobs: { type: "string" },
        help: { type: "boolean" },
      },
    });
    const size: ScenarioSize = values.long === true || values.soak !== undefined ? "long" : "short";
    const common = { size, jobs: values.jobs === undefined ? processors : readCount(values.jobs) };
    const first = values.first === undefined ? 1 : readCount(values.first);
    if (values.help === true) return { kind: "help", problem: null };
    if (values.regressions === true) return { kind: "regressions", common };
    if (values.mutants === true) {
      const most = values.seeds === undefined ? MOST_MUTANT_SEEDS : readCount(values.seeds);
      return { kind: "mutants", names: positionals, most, known: values.known === true, common };
    }
    if (values.soak !== undefined) return { kind: "soak", first, seconds: readDuration(values.soak), common };
    if (values.seed !== undefined || values.scenario !== undefined) {
      const how = values.minimize === true ? "minimize" : values.trace === true ? "trace" : "run";
      const seed = values.seed === undefined ? 0 : readCount(values.seed);
      return { kind: "one", seed, file: values.scenario ?? null, how, mutant: values.mutant ?? null, common };
    }
    if (values.seeds !== undefined) return { kind: "seeds", first, count: readCount(values.seeds), common };
    return { kind: "help", problem: "say what to run" };
  } catch (error) {
    return { kind: "help", problem: error instanceof Error ? error.message : String(error) };
  }
}

function readCount(text: string): number {
  const count = Number(text);
  if (Number.isSafeInteger(count) && count >= 0) return count;
  throw new Error(`expected a whole number, found ${text}`);
}

function readDuration(text: string): number {
  const [, number, unit] = /^(\d+)(s|m|h)$/.exec(text) ?? [];
  if (number === undefined || unit === undefined) throw new Error(`expected a time such as 30m, found ${text}`);
  return Number(number) * { s: 1, m: 60, h: 3600 }[unit as "s" | "m" | "h"];
}
