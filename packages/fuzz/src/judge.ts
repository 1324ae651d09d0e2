import type { Check, Verdict } from "./target.ts";

export type Outcome =
  | { readonly kind: "verdict"; readonly verdict: Verdict }
  /** The reader broke a promise, or threw what it may not. */
  | { readonly kind: "broken"; readonly problem: string };

/** Gives one input to a reader. Never rejects. */
export async function judge(check: Check, input: string): Promise<Outcome> {
  try {
    return { kind: "verdict", verdict: await check(input) };
  } catch (error) {
    const problem = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { kind: "broken", problem };
  }
}

/** Quoted parts and numbers differ from input to input; what is wrong does not. */
export function kindOfProblem(problem: string): string {
  return problem
    .replace(/; found .*/s, "")
    .replaceAll(/"[^"]*"|\d+/g, "_")
    .slice(0, 120);
}
