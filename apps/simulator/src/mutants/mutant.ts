/** A flaw that the product does not have: the simulator has to find it. */
export interface Mutant {
  readonly name: string;
  /** What it does wrong. */
  readonly flaw: string;
  /** In the repository. */
  readonly file: string;
  /** Each text is in the file exactly once, and is replaced by the other. */
  readonly changes: readonly (readonly [from: string, to: string])[];
}
