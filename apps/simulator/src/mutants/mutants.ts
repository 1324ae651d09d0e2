import { DECISION_MUTANTS } from "./decision-mutants.ts";
import { EFFECT_MUTANTS } from "./effect-mutants.ts";
import type { Mutant } from "./mutant.ts";
import { OUTSIDE_MUTANTS } from "./outside-mutants.ts";
import { PEOPLE_MUTANTS } from "./people-mutants.ts";

export const MUTANTS: readonly Mutant[] = [
  ...DECISION_MUTANTS,
  ...EFFECT_MUTANTS,
  ...PEOPLE_MUTANTS,
  ...OUTSIDE_MUTANTS,
];
