import { type Mutant, scenarioFor } from "../mutants/mutant.ts";
import { MUTANTS } from "../mutants/mutants.ts";
import type { Common } from "./arguments.ts";
import { buildWorker } from "./build-worker.ts";
import { type Fate, findOut } from "./find-out.ts";
import { openPool, type Pool } from "./pool.ts";

export interface KillOptions {
  /** All where there are none. */
  readonly names: readonly string[];
  /** Seeds after which a mutant has survived. */
  readonly most: number;
  /** Begins with the seed that is known to find each mutant out. */
  readonly known: boolean;
  readonly common: Common;
}

/** Runs every mutant until an invariant does not hold, some side by side. Says whether all of them were found out. */
export async function killMutants(options: KillOptions, write: (line: string) => void): Promise<boolean> {
  const { names, common } = options;
  const unknown = names.filter((name) => !MUTANTS.some((mutant) => mutant.name === name));
  if (unknown.length > 0) {
    write(
      `expected names of mutants, found ${unknown.join(", ")}; there are ${MUTANTS.map(({ name }) => name).join(", ")}`,
    );
    return false;
  }
  const mutants = names.length === 0 ? MUTANTS : MUTANTS.filter(({ name }) => names.includes(name));
  const queue = [...mutants];
  const ends: { readonly mutant: Mutant; readonly fate: Fate }[] = [];
  const product = openPool(await buildWorker(null), common.jobs);

  async function work(): Promise<void> {
    for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
      const began = performance.now();
      const fate = await kill(mutant, product, options);
      const seconds = Math.round((performance.now() - began) / 1_000);
      ends.push({ mutant, fate });
      write(`${mutant.name.padEnd(26)} ${describeFate(mutant, fate, options.most)} in ${seconds} s`);
    }
  }

  try {
    await Promise.all(Array.from({ length: common.jobs }, work));
  } finally {
    product.end();
  }
  write(summarize(ends));
  return ends.every(({ fate }) => fate.kind === "killed");
}

function describeFate({ flaw }: Mutant, fate: Fate, most: number): string {
  switch (fate.kind) {
    case "killed": {
      const { invariant, seeds, seed, message } = fate;
      return `killed by ${invariant} within ${seeds} seeds (${seed}): ${message.slice(0, 140)}`;
    }
    case "survived": {
      const others = fate.others.length === 0 ? "" : ` (not counted: ${fate.others.join(", ")})`;
      return `SURVIVED ${most} seeds: ${flaw}${others}`;
    }
    case "unproven":
      return `UNPROVEN with seed ${fate.seed}, which the product does not pass: ${fate.why}`;
  }
}

function summarize(ends: readonly { readonly mutant: Mutant; readonly fate: Fate }[]): string {
  const seeds = ends.flatMap(({ fate }) => (fate.kind === "killed" ? [fate.seeds] : []));
  const median = seeds.toSorted((one, other) => one - other)[Math.floor(seeds.length / 2)] ?? 0;
  const told = (kind: Fate["kind"]): string => {
    const names = ends.flatMap(({ mutant, fate }) => (fate.kind === kind ? [mutant.name] : []));
    return `${names.length} ${kind}${names.length === 0 ? "" : `: ${names.join(", ")}`}`;
  };
  return [
    `${ends.length} mutants`,
    `${seeds.length} killed, the median within ${median} seeds, all within ${Math.max(0, ...seeds)}`,
    told("survived"),
    told("unproven"),
  ].join("; ");
}

/** Runs the mutant in a process of its own, and what finds it out without it in one of the product's. */
async function kill(mutant: Mutant, product: Pool, { most, known }: KillOptions): Promise<Fate> {
  const flawed = openPool(await buildWorker(mutant), 1);
  const fromFirst = Array.from({ length: most }, (_, index) => index + 1);
  const seeds = known ? [mutant.seed, ...fromFirst].slice(0, most) : fromFirst;
  const runIn = (pool: Pool) => async (seed: number) => {
    const scenario = scenarioFor(mutant, seed);
    const { result } = await pool.run({ seed, size: "short", scenario, whole: false, twice: false });
    return result.violation;
  };
  try {
    return await findOut(mutant, seeds, { flawed: runIn(flawed), product: runIn(product) });
  } finally {
    flawed.end();
  }
}
