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
  readonly common: Common;
}

type Fate =
  | { readonly kind: "killed"; readonly seeds: number; readonly invariant: string; readonly message: string }
  | { readonly kind: "survived" };

/** Runs every mutant until an invariant does not hold. Says whether all of them were found out. */
export async function killMutants(
  { names, most, common }: KillOptions,
  write: (line: string) => void,
): Promise<boolean> {
  const mutants = names.length === 0 ? MUTANTS : MUTANTS.filter(({ name }) => names.includes(name));
  const seeds: number[] = [];
  const survivors: string[] = [];
  for (const mutant of mutants) {
    const fate = await kill(mutant, most, common.jobs);
    if (fate.kind === "killed") {
      seeds.push(fate.seeds);
      write(
        `${mutant.name.padEnd(26)} killed by ${fate.invariant} within ${fate.seeds} seeds: ${fate.message.slice(0, 140)}`,
      );
    } else {
      survivors.push(mutant.name);
      write(`${mutant.name.padEnd(26)} SURVIVED ${most} seeds: ${mutant.flaw}`);
    }
  }
  const median = seeds.toSorted((one, other) => one - other)[Math.floor(seeds.length / 2)] ?? 0;
  write(
    `${mutants.length} mutants; ${seeds.length} killed, the median within ${median} seeds, all within ${Math.max(0, ...seeds)}; ${survivors.length} survived${survivors.length === 0 ? "" : `: ${survivors.join(", ")}`}`,
  );
  return survivors.length === 0 && mutants.length > 0;
}

async function kill(mutant: Mutant, most: number, jobs: number): Promise<Fate> {
  const pool = openPool(await buildWorker(mutant), jobs);
  const killed: Extract<Fate, { kind: "killed" }>[] = [];
  let next = 1;
  async function work(): Promise<void> {
    while (killed.length === 0 && next <= most) {
      const seed = next;
      next += 1;
      const { result } = await pool.run({
        seed,
        size: "short",
        scenario: scenarioFor(mutant, seed),
        whole: false,
        twice: false,
      });
      const { violation } = result;
      if (violation === null) continue;
      killed.push({ kind: "killed", seeds: seed, invariant: violation.invariant, message: violation.message });
    }
  }
  try {
    await Promise.all(Array.from({ length: jobs }, work));
    return killed.toSorted((one, other) => one.seeds - other.seeds)[0] ?? { kind: "survived" };
  } finally {
    pool.end();
  }
}
