import type { ScenarioSize } from "../core/scenario.ts";
import { buildWorker } from "./build-worker.ts";
import type { Answer } from "./job.ts";
import { openPool } from "./pool.ts";
import { createSummary, type Summary } from "./summary.ts";

export interface SeedRun {
  readonly first: number;
  /** Null: for as long as it takes. */
  readonly count: number | null;
  /** No seed begins later; null: whatever it takes. */
  readonly seconds: number | null;
  readonly size: ScenarioSize;
  readonly jobs: number;
}

/** Every so many seeds one runs twice, to prove that it is the same run. */
const TWICE_EVERY = 10;
const PROGRESS_SECONDS = 15;

/** Runs seeds side by side; tells of each that violates something, and now and then how far it is. */
export async function runSeeds(
  run: SeedRun,
  write: (line: string) => void,
): Promise<{ readonly summary: Summary; readonly seconds: number }> {
  const { first, count, seconds, size, jobs } = run;
  const pool = openPool(await buildWorker(null), jobs);
  const summary = createSummary();
  const began = Date.now();
  let told = began;
  let next = first;
  const elapsed = () => (Date.now() - began) / 1000;
  const isOver = () => (count !== null && next >= first + count) || (seconds !== null && elapsed() >= seconds);

  /** One that is lost is a failure of its own; the others go on. */
  async function runOne(seed: number): Promise<void> {
    try {
      take(await pool.run({ seed, size, scenario: null, whole: false, twice: seed % TWICE_EVERY === 0 }));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      summary.lose(seed, why);
      write(why);
    }
  }

  function take(answer: Answer): void {
    const known = summary.failed().length;
    summary.add(answer);
    for (const what of summary.failed().slice(known)) write(`seed ${answer.scenario.seed}: ${what}`);
    const { violation, story } = answer.result;
    if (violation !== null) {
      write(story.slice(-40).join("\n"));
      write(
        `seed ${answer.scenario.seed}${size === "long" ? " --long" : ""} violates ${violation.invariant}: ${violation.message}`,
      );
    }
    if (Date.now() - told < PROGRESS_SECONDS * 1000) return;
    told = Date.now();
    write(summary.line(elapsed()));
  }

  async function work(): Promise<void> {
    while (!isOver()) {
      const seed = next;
      next += 1;
      await runOne(seed);
    }
  }

  try {
    await Promise.all(Array.from({ length: jobs }, work));
  } finally {
    pool.end();
  }
  return { summary, seconds: elapsed() };
}
