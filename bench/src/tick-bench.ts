import { atMost, type Bar, median, round } from "./bars.ts";
import { runChild } from "./child.ts";
import type { Measured } from "./measure.ts";
import { measureMemory } from "./memory.ts";
import { printTable } from "./table.ts";
import type { TickCase } from "./tick-case.ts";

const SIZES = [10, 100, 1_000, 5_000];
const LATENCY_MS = 10;
/** How many calls the head reader makes at once. */
const CONCURRENCY = 32;
/** An image that is built on every working day has so many after half a year. */
const TAGS = 120;
/** Beyond this many images the sequential way takes minutes; what it takes for each image does not change. */
const LONGEST_SEQUENTIAL = 1_000;
const EXTRAPOLATED_FROM = 500;
const RUNS = 7;
const ROUNDS = 3;
/** The size that the bars speak of. */
const BARRED_IMAGES = 1_000;
const STEADY_LIMIT_MS = 1_000;

interface Row {
  readonly kind: TickCase["kind"];
  readonly images: number;
  readonly measured: Measured;
  /** Set where the time is that of fewer images, multiplied. */
  readonly extrapolatedFrom: number | null;
}

/** Measures steady and busy ticks of the built Lambda, and the original's way beside them. */
export async function benchTick(): Promise<readonly Bar[]> {
  console.log(`Tick: ${LATENCY_MS} ms per call, ${CONCURRENCY} calls at once, Node ${process.versions.node}`);
  console.log(`Sequential: for each image all its tags (${TAGS + 2}, 100 a page), then the recorded digest\n`);
  const rows: Row[] = [];
  for (const images of SIZES) {
    for (const kind of ["steady", "busy", "sequential"] as const) rows.push(await measureRow(kind, images));
  }
  printRows(rows);
  const memory = await measureMemory({ images: BARRED_IMAGES, latencyMs: LATENCY_MS });
  return [...speedBars(rows), memory];
}

async function measureRow(kind: TickCase["kind"], images: number): Promise<Row> {
  const extrapolatedFrom = kind === "sequential" && images > LONGEST_SEQUENTIAL ? EXTRAPOLATED_FROM : null;
  const tags = kind === "sequential" ? TAGS : 1;
  const tickCase: TickCase = { kind, images: extrapolatedFrom ?? images, tags, latencyMs: LATENCY_MS, runs: RUNS };
  if (process.stderr.isTTY) process.stderr.write(`  measuring ${kind}, ${images} images ...\r`);
  const measured = await measureCase(tickCase);
  if (extrapolatedFrom === null) return { kind, images, measured, extrapolatedFrom };
  return { kind, images, measured: multiply(measured, images / extrapolatedFrom), extrapolatedFrom };
}

/** A machine that does something else meanwhile makes every tick slower, and none faster: then it is measured anew. */
async function measureCase(tickCase: TickCase): Promise<Measured> {
  let best: Measured | null = null;
  for (let round = 1; round <= ROUNDS; round += 1) {
    const measured = await runChild<Measured>({ script: "./tick-child.mjs", args: [JSON.stringify(tickCase)] });
    if (best === null || median(measured.wallMs) < median(best.wallMs)) best = measured;
    const isBarred = tickCase.kind === "steady" && tickCase.images === BARRED_IMAGES;
    if (!isBarred || median(best.wallMs) <= STEADY_LIMIT_MS) return best;
  }
  return best as Measured;
}

function multiply(measured: Measured, factor: number): Measured {
  const calls = Object.entries(measured.calls).map(([action, count]) => [action, Math.round(count * factor)]);
  return { ...measured, wallMs: measured.wallMs.map((ms) => ms * factor), calls: Object.fromEntries(calls) };
}

function printRows(rows: readonly Row[]): void {
  const cells = rows.map((row) => {
    const { kind, images, measured, extrapolatedFrom } = row;
    const wall = median(measured.wallMs);
    const calls = totalCalls(measured);
    const ideal = (calls * LATENCY_MS) / (kind === "sequential" ? 1 : CONCURRENCY);
    return [
      extrapolatedFrom === null ? kind : `${kind} (extrapolated from ${extrapolatedFrom} images)`,
      images.toLocaleString("en"),
      calls.toLocaleString("en"),
      `${Math.round(wall).toLocaleString("en")} ms`,
      `${(wall / ideal).toFixed(2)}`,
      measured.coldMs === null ? "" : `${Math.round(measured.coldMs).toLocaleString("en")} ms`,
      `${Math.round(measured.peakMb)} MB`,
    ];
  });
  const heading = ["tick", "images", "calls", "wall", "wall / ideal", "first tick", "peak (with the sandbox)"];
  printTable(heading, cells);
  console.log(
    `\n  wall: median of ${RUNS} steady ticks, one busy tick. ideal: calls x latency / calls at once (1 where sequential).`,
  );
  console.log("\nCalls by action");
  for (const { kind, images, measured } of rows) {
    const calls = Object.entries(measured.calls).map(([action, count]) => `${action} ${count.toLocaleString("en")}`);
    console.log(`  ${kind}, ${images.toLocaleString("en")} images: ${calls.join(", ")}`);
  }
}

function totalCalls({ calls }: Measured): number {
  return Object.values(calls).reduce((sum, count) => sum + count, 0);
}

function speedBars(rows: readonly Row[]): readonly Bar[] {
  const find = (kind: TickCase["kind"]) =>
    rows.find((row) => row.kind === kind && row.images === BARRED_IMAGES)?.measured;
  const steady = find("steady");
  const sequential = find("sequential");
  if (steady === undefined || sequential === undefined) throw new Error("1,000 images were not measured");
  const wall = median(steady.wallMs);
  const faster = median(sequential.wallMs) / wall;
  return [
    exactCalls(steady.calls, BARRED_IMAGES),
    atMost("steady tick, 1,000 images", STEADY_LIMIT_MS, { measured: wall, unit: "ms" }),
    {
      name: "steady tick against the sequential way, 1,000 images",
      wanted: "at least 10 x faster",
      measured: `${round(faster)} x`,
      met: faster >= 10,
    },
  ];
}

function exactCalls(calls: Readonly<Record<string, number>>, images: number): Bar {
  const wanted: Readonly<Record<string, number>> = {
    "s3:GetObject": 1,
    "s3:ListObjectsV2": 1,
    "autoscaling:DescribeAutoScalingGroups": 1,
    "ecr:BatchGetImage": images,
  };
  const actions = new Set([...Object.keys(wanted), ...Object.keys(calls)]);
  const told = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts)
      .map(([action, count]) => `${count} ${action}`)
      .sort()
      .join(", ");
  return {
    name: `calls of a steady tick, ${images.toLocaleString("en")} images`,
    wanted: told(wanted),
    measured: told(calls),
    met: [...actions].every((action) => calls[action] === wanted[action]),
  };
}
