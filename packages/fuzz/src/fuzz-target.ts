import { fixedCorpus, guidedCorpus } from "./guided-corpus.ts";
import { judge, kindOfProblem } from "./judge.ts";
import { mutateInput } from "./mutate-input.ts";
import { createRandom } from "./random.ts";
import { shrink } from "./shrink.ts";
import type { FuzzTarget, Verdict } from "./target.ts";

export interface FuzzOptions {
  readonly cases: number;
  readonly seed: number;
  /** Whether inputs that reach new branches are mutated further. */
  readonly guided: boolean;
  /** Told of every input before it is given to the reader. */
  readonly onCase?: (number: number, input: string) => void;
}

export interface FuzzFailure {
  /** From 1. */
  readonly number: number;
  readonly input: string;
  readonly problem: string;
}

export interface FuzzReport {
  readonly target: string;
  readonly cases: number;
  readonly accepted: number;
  readonly refused: number;
  /** Inputs that never came to the reader, or were there before. */
  readonly unread: number;
  /** One of each kind. */
  readonly failures: readonly FuzzFailure[];
  /** How many inputs were mutated: the seeds, and those that reached new branches. */
  readonly corpus: number;
  /** Branches that ran; null where nobody counted. */
  readonly branches: number | null;
}

/** A world is left for a new one after so many cases, so that it stays small. */
const CASES_PER_WORLD = 500;
const MOST_FAILURES = 20;

/** Gives mutations of a target's seeds to its reader. Resolves also where promises are broken: see `failures`. */
export async function fuzzTarget(target: FuzzTarget, options: FuzzOptions): Promise<FuzzReport> {
  const random = createRandom(options.seed);
  const corpus = options.guided ? guidedCorpus(target) : fixedCorpus(target);
  const counts: Record<Verdict, number> = { accepted: 0, refused: 0, unread: 0 };
  const failures = new Map<string, FuzzFailure>();
  let check = target.open();
  let done = 0;
  while (done < options.cases && failures.size < MOST_FAILURES) {
    if (done % CASES_PER_WORLD === 0) check = target.open();
    // The seeds go first, as they are.
    const input = target.seeds[done] ?? mutateInput(target, corpus.inputs(), random);
    const isRepeated = done >= target.seeds.length && corpus.inputs().includes(input);
    done += 1;
    options.onCase?.(done, input);
    const outcome = await judge(check, input);
    // Nothing new was asked where the changes came to nothing.
    if (outcome.kind === "verdict") counts[isRepeated ? "unread" : outcome.verdict] += 1;
    else rememberFailure(failures, { number: done, input, problem: outcome.problem });
    // What came to another reader would only lead to more of its kind.
    if (outcome.kind === "broken" || outcome.verdict !== "unread") await corpus.ran(input);
  }
  corpus.close();
  const shortest = [];
  for (const failure of failures.values()) shortest.push(await shrinkFailure(target, failure));
  const { length } = corpus.inputs();
  return {
    target: target.name,
    cases: done,
    ...counts,
    failures: shortest,
    corpus: length,
    branches: corpus.branches(),
  };
}

function rememberFailure(failures: Map<string, FuzzFailure>, failure: FuzzFailure): void {
  const kind = kindOfProblem(failure.problem);
  if (!failures.has(kind)) failures.set(kind, failure);
}

async function shrinkFailure(target: FuzzTarget, failure: FuzzFailure): Promise<FuzzFailure> {
  const kind = kindOfProblem(failure.problem);
  const input = await shrink(failure.input, async (shorter) => {
    const outcome = await judge(target.open(), shorter);
    return outcome.kind === "broken" && kindOfProblem(outcome.problem) === kind;
  });
  return { ...failure, input };
}
