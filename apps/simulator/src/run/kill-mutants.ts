import type { Invariant } from "../checks/invariants.ts";
import { type Mutant, scenarioFor } from "../mutants/mutant.ts";
import { MUTANTS } from "../mutants/mutants.ts";
import type { Common } from "./arguments.ts";
import { buildWorker } from "./build-worker.ts";
import type { Job } from "./job.ts";
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
  /** `others`: invariants that did not hold and are not those that have to find it out. */
  | { readonly kind: "survived"; readonly others: readonly string[] }
  /** The same scenario does not hold without the mutant, either: that it was found out shows nothing. */
  | { readonly kind: "unproven"; readonly seed: number; readonly why: string };

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
      const fate = await killFor(mutant, product, options);
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

/** Found out by an invariant that has to, in a scenario that the product itself passes. */
async function killFor(mutant: Mutant, product: Pool, options: KillOptions): Promise<Fate> {
  const fate = await kill(mutant, options);
  if (fate.kind !== "killed") return fate;
  const { result } = await product.run(jobFor(mutant, fate.seed));
  const { violation } = result;
  if (violation === null) return fate;
  return { kind: "unproven", seed: fate.seed, why: `${violation.invariant}: ${violation.message}` };
}

async function kill(mutant: Mutant, { most, known }: KillOptions): Promise<Fate> {
  const pool = openPool(await buildWorker(mutant), 1);
  const others = new Set<string>();
  try {
    const fromFirst = Array.from({ length: most }, (_, index) => index + 1);
    const seeds = known ? [mutant.seed, ...fromFirst].slice(0, most) : fromFirst;
    for (const [index, seed] of seeds.entries()) {
      const { result } = await pool.run(jobFor(mutant, seed));
      if (result.violation === null) continue;
      const { invariant, message } = result.violation;
      if (counts(mutant, invariant)) return { kind: "killed", seeds: index + 1, seed, invariant, message };
      others.add(invariant);
    }
    return { kind: "survived", others: [...others] };
  } finally {
    pool.end();
  }
}

/** Whether it is this invariant that has to find the mutant out. */
function counts({ by }: Mutant, invariant: Invariant): boolean {
  return by === undefined || by.includes(invariant);
}

function jobFor(mutant: Mutant, seed: number): Job {
  return { seed, size: "short", scenario: scenarioFor(mutant, seed), whole: false, twice: false };
}
