import { DECISION_MUTANTS } from "./decision-mutants.ts";
import { EFFECT_MUTANTS } from "./effect-mutants.ts";
import type { Mutant } from "./mutant.ts";

export const MUTANTS: readonly Mutant[] = [...DECISION_MUTANTS, ...EFFECT_MUTANTS];
