import { readFile } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { atMost, type Bar, median, round } from "./bars.ts";
import { runChild } from "./child.ts";
import { printTable } from "./table.ts";

const RUNS = 21;
const IMPORT_LIMIT_MS = 100;
/** A machine that does something else meanwhile makes every run slower, and none faster: then it is measured anew. */
const ROUNDS = 3;
/** In the code of `@aws-sdk/client-ec2`, and of no other client: its API version. */
const EC2_MARK = "2016-11-15";

/** Measures what the Lambda loads at a cold start, and how long that takes. */
export async function benchBundle(): Promise<readonly Bar[]> {
  const entry = import.meta.resolve("@windlass/deploy-lambda");
  const files = await readLoaded(entry);
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const times = await measureImports(entry);

  console.log(`\nBundle: ${basename(fileURLToPath(entry))} and what it loads at once, Node ${process.versions.node}`);
  printTable(
    ["file", "bytes"],
    [...files.map(({ name, bytes }) => [name, bytes.toLocaleString("en")]), ["total", total.toLocaleString("en")]],
  );
  const spread = `${round(Math.min(...times))} to ${round(Math.max(...times))} ms`;
  console.log(`  import: median ${round(median(times))} ms of ${RUNS} fresh processes (${spread})`);

  const withEc2 = files.filter(({ text }) => text.includes(EC2_MARK)).map(({ name }) => name);
  return [
    atMost("entry of the Lambda", 800, { measured: total / 1000, unit: "KB" }),
    atMost("import of the Lambda's entry", IMPORT_LIMIT_MS, { measured: median(times), unit: "ms" }),
    {
      name: "client-ec2 in the entry",
      wanted: "none",
      measured: withEc2.length === 0 ? "none" : withEc2.join(", "),
      met: withEc2.length === 0,
    },
  ];
}

/** The best of some rounds, each of so many fresh processes. */
async function measureImports(entry: string): Promise<readonly number[]> {
  let best: readonly number[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    const times: number[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      times.push(await runChild<number>({ script: "./import-child.mjs", args: [entry] }));
    }
    if (best.length === 0 || median(times) < median(best)) best = times;
    if (median(best) <= IMPORT_LIMIT_MS) break;
  }
  return best;
}

interface LoadedFile {
  readonly name: string;
  readonly bytes: number;
  readonly text: string;
}

/** Asks V8 which scripts an import loaded: no reading of import statements could know better. */
async function readLoaded(entry: string): Promise<readonly LoadedFile[]> {
  const folder = dirname(fileURLToPath(entry));
  const urls = await runChild<readonly string[]>({ script: "./import-child.mjs", args: [entry, "--list"] });
  const paths = urls.map((url) => fileURLToPath(url)).filter((path) => dirname(path) === folder);
  return Promise.all(
    paths.map(async (path) => {
      const content = await readFile(path);
      return { name: basename(path), bytes: content.byteLength, text: content.toString("utf8") };
    }),
  );
}
