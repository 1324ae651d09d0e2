import type { Invariant } from "../checks/invariants.ts";
import { drawScenario, type Scenario } from "../core/scenario.ts";

/** A flaw that the product does not have: the simulator has to find it. */
export interface Mutant extends FileChange {
  readonly name: string;
  /** What it does wrong. */
  readonly flaw: string;
  /** Where one change is made good by a second line of defence, that one goes as well. */
  readonly also?: readonly FileChange[];
  /** What lets it show sooner: goes over the scenarios in which it is looked for; its faults come to those that they have. */
  readonly provoke?: Partial<Omit<Scenario, "seed" | "startMs">>;
  /** The invariants that have to find it out; another does not count. None: any may. */
  readonly by?: readonly Invariant[];
  /** A seed that finds it out. */
  readonly seed: number;
}

export interface FileChange {
  /** In the repository. */
  readonly file: string;
  /** Each text is in the file exactly once, and is replaced by the other. */
  readonly changes: readonly (readonly [from: string, to: string])[];
}

/** All that the mutant changes. */
export function changesOf({ file, changes, also = [] }: Mutant): readonly FileChange[] {
  return [{ file, changes }, ...also];
}

/** The scenario in which a seed looks for a mutant. */
export function scenarioFor({ provoke = {} }: Mutant, seed: number): Scenario {
  const drawn = drawScenario(seed, "probe");
  return { ...drawn, ...provoke, rates: { ...drawn.rates, ...provoke.rates } };
}
