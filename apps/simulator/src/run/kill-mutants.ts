import { type Mutant, scenarioFor } from "../mutants/mutant.ts";
import { MUTANTS } from "../mutants/mutants.ts";
import type { Common } from "./arguments.ts";
import { buildWorker } from "./build-worker.ts";
import { openPool } from "./pool.ts";

export interface KillOptions {
  /** All where there are none. */
  readonly names: readonly string[];
  /** Seeds after which a mutant has survived. */
  readonly most: number;
  /** Begins with the seed that is known to find each mutant out. */
  readonly known: boolean;
  readonly common: Common;
}

type Fate =
  | {
      readonly kind: "killed";
      /** How many it took. */
      readonly seeds: number;
      /** The last of them. */
      readonly seed: number;
      readonly invariant: string;
      readonly message: string;
    }
  | { readonly kind: "survived" };

/** Runs every mutant until an invariant does not hold, some side by side. Says whether all of them were found out. */
export async function killMutants(options: KillOptions, write: (line: string) => void): Promise<boolean> {
  const { names, most, common } = options;
  const unknown = names.filter((name) => !MUTANTS.some((mutant) => mutant.name === name));
  if (unknown.length > 0) {
    write(
      `expected names of mutants, found ${unknown.join(", ")}; there are ${MUTANTS.map(({ name }) => name).join(", ")}`,
    );
    return false;
  }
  const mutants = names.length === 0 ? MUTANTS : MUTANTS.filter(({ name }) => names.includes(name));
  const queue = [...mutants];
  const seeds: number[] = [];
  const survivors: string[] = [];

  async function work(): Promise<void> {
    for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
      const began = performance.now();
      const fate = await kill(mutant, options);
      const seconds = Math.round((performance.now() - began) / 1_000);
      const name = mutant.name.padEnd(26);
      if (fate.kind === "killed") {
        const { invariant, message } = fate;
        seeds.push(fate.seeds);
        const how = `killed by ${invariant} within ${fate.seeds} seeds (${fate.seed}) in ${seconds} s`;
        write(`${name} ${how}: ${message.slice(0, 140)}`);
      } else {
        survivors.push(mutant.name);
        write(`${name} SURVIVED ${most} seeds: ${mutant.flaw}`);
      }
    }
  }

  await Promise.all(Array.from({ length: common.jobs }, work));
  const median = seeds.toSorted((one, other) => one - other)[Math.floor(seeds.length / 2)] ?? 0;
  const worst = Math.max(0, ...seeds);
  const rest = survivors.length === 0 ? "" : `: ${survivors.join(", ")}`;
  write(
    `${mutants.length} mutants; ${seeds.length} killed, the median within ${median} seeds, all within ${worst}; ${survivors.length} survived${rest}`,
  );
  return survivors.length === 0;
}

async function kill(mutant: Mutant, { most, known }: KillOptions): Promise<Fate> {
  const pool = openPool(await buildWorker(mutant), 1);
  try {
    const fromFirst = Array.from({ length: most }, (_, index) => index + 1);
    const seeds = known ? [mutant.seed, ...fromFirst].slice(0, most) : fromFirst;
    for (const [index, seed] of seeds.entries()) {
      const scenario = scenarioFor(mutant, seed);
      const { result } = await pool.run({ seed, size: "short", scenario, whole: false, twice: false });
      if (result.violation === null) continue;
      return { kind: "killed", seeds: index + 1, seed, ...result.violation };
    }
    return { kind: "survived" };
  } finally {
    pool.end();
  }
}
