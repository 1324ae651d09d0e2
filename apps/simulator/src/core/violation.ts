import type { Invariant } from "../checks/invariants.ts";

/** An invariant that did not hold: the run ends with it. */
export interface Violation {
  /** Such as `S1`. */
  readonly invariant: Invariant;
  readonly message: string;
  readonly at: string;
  readonly step: number;
}

/** Counts what was checked, and keeps the first that did not hold. */
export interface Checks {
  /** One statement held, or not. */
  expect(invariant: Invariant, holds: boolean, explain: () => string): void;
  readonly violation: () => Violation | null;
  counts(): Readonly<Record<string, number>>;
}

export function createChecks(where: () => { readonly at: number; readonly step: number }): Checks {
  const counts = new Map<string, number>();
  let violation: Violation | null = null;
  return {
    expect(invariant, holds, explain) {
      counts.set(invariant, (counts.get(invariant) ?? 0) + 1);
      if (holds || violation !== null) return;
      const { at, step } = where();
      violation = { invariant, message: explain(), at: new Date(at).toISOString(), step };
    },
    violation: () => violation,
    counts: () => Object.fromEntries(counts),
  };
}
