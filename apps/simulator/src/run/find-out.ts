import type { Violation } from "../core/violation.ts";
import type { Mutant } from "../mutants/mutant.ts";

/** What became of a mutant. */
export type Fate =
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

/** Runs the scenario in which a seed looks for the mutant; null where everything holds. */
type Attempt = (seed: number) => Promise<Violation | null>;

/** Found out by an invariant that has to, in a scenario that the product itself passes. */
export async function findOut(
  { by }: Pick<Mutant, "by">,
  seeds: readonly number[],
  { flawed, product }: { readonly flawed: Attempt; readonly product: Attempt },
): Promise<Fate> {
  const others = new Set<string>();
  for (const [index, seed] of seeds.entries()) {
    const violation = await flawed(seed);
    if (violation === null) continue;
    const { invariant, message } = violation;
    if (by !== undefined && !by.includes(invariant)) {
      others.add(invariant);
      continue;
    }
    const own = await product(seed);
    if (own !== null) return { kind: "unproven", seed, why: `${own.invariant}: ${own.message}` };
    return { kind: "killed", seeds: index + 1, seed, invariant, message };
  }
  return { kind: "survived", others: [...others] };
}
