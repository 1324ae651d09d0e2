// The kill matrix: `pnpm test:kill`. See docs/kill-matrix.md.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { missingContainers } from "@windlass/containers";
import { type KillArea, openKillArea } from "./kill-area.ts";
import { CELLS, formatEnd, formatMatrix, formatTotals, planRuns } from "./matrix.ts";
import { type Cell, type CellEnd, type CellRun, createCellRunner, pauseForOthers } from "./run-cell.ts";

interface Options {
  readonly runs: number;
  readonly seed: number;
  readonly cells: readonly Cell[];
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      runs: { type: "string", default: "200" },
      seed: { type: "string", default: "1" },
      only: { type: "string", default: "" },
    },
  });
  const only = Object.fromEntries(values.only.split(",").map((pair) => pair.split("=")));
  const cells = CELLS.filter(
    ({ kind, phase }) => (only["kill"] ?? kind) === kind && (only["phase"] ?? phase) === phase,
  );
  return { runs: Number(values.runs), seed: Number(values.seed), cells };
}

async function main({ runs, seed, cells }: Options): Promise<number> {
  const missing = missingContainers();
  if (missing !== null || cells.length === 0 || !(runs > 0)) {
    say(missing ?? "expected --runs <number> --seed <number> --only kill=<kind>,phase=<phase>");
    return 1;
  }
  const planned = planRuns(cells, runs, seed);
  say(`${planned.length} runs, seed ${seed}`);
  const start = performance.now();
  const ends = await runAll(planned, seed);
  say(`\n${formatMatrix(ends)}\n`);
  say(formatTotals(ends, (performance.now() - start) / 1000));
  return ends.length === planned.length && ends.every(({ violations }) => violations.length === 0) ? 0 : 1;
}

async function runAll(planned: readonly CellRun[], seed: number): Promise<readonly CellEnd[]> {
  const area = await openKillArea(seed);
  const ends: CellEnd[] = [];
  closeOnSignals(area);
  try {
    const cells = createCellRunner(area);
    await cells.prepare();
    for (const [index, run] of planned.entries()) {
      const end = await cells.run(run);
      ends.push(end);
      say(formatEnd(end, `${index + 1}/${planned.length}`));
      if (end.violations.length > 0) say(`  the runner's log: ${keepLog(end)}`);
      await pauseForOthers();
    }
  } finally {
    await area.close();
  }
  return ends;
}

/** Whatever is under way, no rule and no container of it stays behind. */
function closeOnSignals(area: KillArea): void {
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.once(name, () => void area.close().finally(() => process.exit(1)));
  }
}

function keepLog({ log, seed }: CellEnd): string {
  const file = join(mkdtempSync(join(tmpdir(), "windlass-kill-log-")), `${seed}.log`);
  writeFileSync(file, log);
  return file;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

process.exitCode = await main(readOptions());
