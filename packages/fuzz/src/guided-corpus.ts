import { openBranchCoverage } from "./branch-coverage.ts";
import { judge } from "./judge.ts";
import type { FuzzTarget } from "./target.ts";

/** Inputs to mutate; grows by those that reach branches which none before them reached. */
export interface Corpus {
  inputs(): readonly [string, ...string[]];
  /** Says that the target's reader was just given this. */
  ran(input: string): Promise<void>;
  /** Branches that ran so far; null where nobody counts. */
  branches(): number | null;
  close(): void;
}

/** Coverage is asked for once in so many cases: asking takes longer than most of them. */
const CASES_PER_LOOK = 100;

/** For tests: the seeds alone. */
export function fixedCorpus(target: FuzzTarget): Corpus {
  return { inputs: () => target.seeds, ran: () => Promise.resolve(), branches: () => null, close() {} };
}

export function guidedCorpus(target: FuzzTarget): Corpus {
  const coverage = openBranchCoverage(target.guidedBy);
  const corpus: [string, ...string[]] = [...target.seeds];
  const seen = new Set<string>();
  let sinceLook: string[] = [];

  /** Together they reached something new: each is tried again, to see which of them it was. */
  async function addFinders(inputs: readonly string[], found: Set<string>): Promise<void> {
    const check = target.open();
    coverage.look();
    for (const input of inputs) {
      await judge(check, input);
      const reached = [...coverage.look()].filter((block) => found.delete(block));
      if (reached.length > 0) corpus.push(input);
    }
  }

  return {
    inputs: () => corpus,
    async ran(input) {
      sinceLook.push(input);
      if (sinceLook.length < CASES_PER_LOOK) return;
      const inputs = sinceLook;
      sinceLook = [];
      const found = new Set([...coverage.look()].filter((block) => !seen.has(block)));
      for (const block of found) seen.add(block);
      if (found.size > 0) await addFinders(inputs, found);
    },
    branches: () => seen.size,
    close: () => coverage.close(),
  };
}
