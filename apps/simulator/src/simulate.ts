import { readdir, readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Scenario } from "./core/scenario.ts";
import { type Mutant, scenarioFor } from "./mutants/mutant.ts";
import { MUTANTS } from "./mutants/mutants.ts";
import { type Command, type Common, HELP, readArguments } from "./run/arguments.ts";
import { buildWorker, ROOT } from "./run/build-worker.ts";
import { judge } from "./run/judge.ts";
import { killMutants } from "./run/kill-mutants.ts";
import { minimize } from "./run/minimize.ts";
import { openPool } from "./run/pool.ts";
import { runSeeds, type SeedRun } from "./run/run-seeds.ts";
import { failuresOf } from "./run/summary.ts";

const write = (line: string): void => void process.stdout.write(`${line}\n`);
const OK = 0;
const VIOLATED = 1;
const USAGE = 2;

process.exitCode = await main(readArguments(process.argv.slice(2), availableParallelism()));

async function main(command: Command): Promise<number> {
  switch (command.kind) {
    case "help":
      process.stderr.write(`${command.problem === null ? "" : `${command.problem}\n`}${HELP}`);
      return command.problem === null ? OK : USAGE;
    case "seeds":
      return await report({ first: command.first, count: command.count, seconds: null, ...command.common });
    case "soak":
      return await report({ first: command.first, count: null, seconds: command.seconds, ...command.common });
    case "one":
      return await runOne(command);
    case "mutants":
      return (await killMutants(command, write)) ? OK : VIOLATED;
    case "regressions":
      return await runRegressions(command.common);
  }
}

async function report(run: SeedRun): Promise<number> {
  const { summary, seconds } = await runSeeds(run, write);
  for (const line of summary.faultLines()) write(line);
  write(`checked: ${summary.checkLine()}`);
  const { held, gaps } = judge(summary, run.seconds);
  for (const line of gaps) write(line);
  write(summary.line(seconds));
  return held ? OK : VIOLATED;
}

async function runOne({ seed, file, how, mutant, common }: Extract<Command, { kind: "one" }>): Promise<number> {
  const flawed = mutant === null ? null : findMutant(mutant);
  const drawn = flawed === null ? null : scenarioFor(flawed, seed);
  const scenario = file === null ? drawn : await readScenario(file);
  const pool = openPool(await buildWorker(flawed), how === "minimize" ? common.jobs : 1);
  try {
    const job = { seed, size: common.size, scenario, whole: how === "trace", twice: how === "run" };
    const answer = await pool.run(job);
    const { violation, story, hash, steps, stats } = answer.result;
    if (how === "minimize" && violation !== null) {
      const attempt = (smaller: Scenario) => pool.run({ ...job, scenario: smaller }).catch(() => null);
      // The scenario alone goes to standard output, so that it can be kept as a file.
      const smallest = await minimize(answer, attempt, (line) => void process.stderr.write(`${line}\n`));
      write(JSON.stringify({ violated: smallest.result.violation, scenario: smallest.scenario }, null, 2));
      return VIOLATED;
    }
    for (const line of story) write(line);
    const failures = failuresOf(answer);
    for (const line of failures.length === 0 ? ["nothing is violated"] : failures) write(line);
    write(`seed ${answer.scenario.seed}, ${answer.scenario.mode}: hash ${hash}, ${steps} steps, ${stats.calls} calls`);
    return failures.length === 0 ? OK : VIOLATED;
  } finally {
    pool.end();
  }
}

function findMutant(name: string): Mutant {
  const found = MUTANTS.find((mutant) => mutant.name === name);
  if (found !== undefined) return found;
  throw new Error(`expected one of ${MUTANTS.map((mutant) => mutant.name).join(", ")}, found ${name}`);
}

/** A file of `--minimize`, or a scenario alone. */
async function readScenario(file: string): Promise<Scenario> {
  const read = JSON.parse(await readFile(file, "utf8")) as Scenario | { readonly scenario: Scenario };
  return "scenario" in read ? read.scenario : read;
}

async function runRegressions({ jobs }: Common): Promise<number> {
  const folder = join(ROOT, "apps/simulator/regressions");
  const files = (await readdir(folder)).filter((name) => name.endsWith(".json")).sort();
  const pool = openPool(await buildWorker(null), jobs);
  try {
    const ends = await Promise.all(
      files.map(async (name) => {
        const scenario = await readScenario(join(folder, name));
        const { result } = await pool.run({ seed: scenario.seed, size: "short", scenario, whole: false, twice: false });
        const { violation } = result;
        write(`${name}: ${violation === null ? "holds" : `${violation.invariant}: ${violation.message}`}`);
        return violation === null;
      }),
    );
    write(`${files.length} regressions; ${ends.filter((held) => !held).length} violations`);
    return ends.every((held) => held) ? OK : VIOLATED;
  } finally {
    pool.end();
  }
}
