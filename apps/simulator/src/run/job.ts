import type { RunResult } from "../core/run-scenario.ts";
import type { Scenario, ScenarioSize } from "../core/scenario.ts";

/** What a worker is asked for. */
export interface Job {
  readonly seed: number;
  readonly size: ScenarioSize;
  /** In place of what the seed stands for. */
  readonly scenario: Scenario | null;
  /** The whole story, and not only its end. */
  readonly whole: boolean;
  /** Runs it a second time, for its hash. */
  readonly twice: boolean;
}

/** What a worker says of a job. */
export type Said =
  | { readonly kind: "answer"; readonly answer: Answer }
  /** It could not be run, or was not run to its end. */
  | { readonly kind: "broken"; readonly why: string };

export interface Answer {
  readonly scenario: Scenario;
  readonly result: RunResult;
  /** Null where it ran once. */
  readonly secondHash: string | null;
  /** Of the machine. */
  readonly ms: number;
}
