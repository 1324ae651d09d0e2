// Bad input for every reader, guided by coverage: `npm run fuzz`. See docs/fuzzing.md.
import { Worker } from "node:worker_threads";
import { readConfig } from "./config.ts";
import type { FuzzReport } from "./fuzz-target.ts";
import { findIdleness } from "./idleness.ts";
import { HANG_MS } from "./watch-for-hangs.ts";
import type { Job } from "./worker.ts";

const LOOK_MS = 5000;

// biome-ignore lint/style/noProcessEnv: handed to the one file that reads it.
const { cases, seed, only } = readConfig(process.env, process.argv.slice(2));
let failed = 0;
for (const target of only) {
  const start = performance.now();
  const end = await runTarget({ target, cases, seed });
  failed += isGood(end) ? 0 : 1;
  say(describeEnd(target, end, (performance.now() - start) / 1000));
}
say(`${only.length} targets, ${cases} cases each, seed ${seed}: ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

type End =
  | { readonly kind: "report"; readonly report: FuzzReport }
  | { readonly kind: "hang"; readonly number: number }
  | { readonly kind: "crash"; readonly problem: string };

/** In a thread of its own: a reader that comes to no end can only be seen from another one. */
function runTarget(job: Omit<Job, "progress">): Promise<End> {
  const progress = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(new URL("./worker.ts", import.meta.url), {
    workerData: { ...job, progress } satisfies Job,
  });
  return new Promise((resolve) => {
    let seen = { number: 0, at: performance.now() };
    const watch = setInterval(() => {
      const number = Atomics.load(progress, 0);
      if (number !== seen.number) seen = { number, at: performance.now() };
      else if (performance.now() - seen.at > HANG_MS) finish({ kind: "hang", number });
    }, LOOK_MS);

    function finish(end: End): void {
      clearInterval(watch);
      void worker.terminate().then(() => resolve(end));
    }

    worker.once("message", (report: FuzzReport) => finish({ kind: "report", report }));
    worker.once("error", (error) => finish({ kind: "crash", problem: String(error) }));
  });
}

function isGood(end: End): boolean {
  return end.kind === "report" && end.report.failures.length === 0 && findIdleness(end.report) === null;
}

function describeEnd(target: string, end: End, seconds: number): string {
  if (end.kind === "hang") return `${target}: no end of case ${end.number} of seed ${seed}`;
  if (end.kind === "crash") return `${target}: ${end.problem}`;
  const { accepted, refused, failures, corpus, branches } = end.report;
  const line = [
    `${target}: ${end.report.cases} cases`,
    `${accepted + refused} came to the reader`,
    `${accepted} accepted`,
    `${refused} refused`,
    `${corpus} in the corpus`,
    `${branches} branches`,
    `${seconds.toFixed(0)} s`,
    `${failures.length} failures`,
  ].join(", ");
  const idleness = findIdleness(end.report);
  return [
    line,
    ...(idleness === null ? [] : [`  says nothing: ${idleness}`]),
    ...failures.map((failure) => `  ${JSON.stringify({ target, ...failure })}`),
  ].join("\n");
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
