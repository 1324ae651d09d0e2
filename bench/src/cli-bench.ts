import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { atMost, type Bar, median, round } from "./bars.ts";
import { openCliWorld } from "./cli-world.ts";
import { timed } from "./measure.ts";
import { printTable } from "./table.ts";

const SIZE = { areas: 3, images: 200, latencyMs: 20 };
const RUNS = 9;
const ROUNDS = 5;
const HELP_LIMIT_MS = 150;
const STATUS_LIMIT_MS = 1_500;
const CALL_LIMIT = 12;

type Env = Readonly<Record<string, string>>;

/** Measures the built command line: its start-up, and the status of a crowded organisation. */
export async function benchCli(): Promise<readonly Bar[]> {
  const program = fileURLToPath(import.meta.resolve("@windlass/cli/bundle"));
  const { areas, images, latencyMs } = SIZE;
  console.log(`Command line: ${latencyMs} ms per call, median of ${RUNS} runs, Node ${process.versions.node}\n`);
  const world = await openCliWorld(SIZE);
  try {
    const nothing = await measure(["-e", "0"], { env: world.env, limitMs: 0, rounds: 1 });
    const help = await measure([program, "--help"], { env: world.env, limitMs: HELP_LIMIT_MS, rounds: ROUNDS });
    world.takeS3Calls();
    const statusArgs = [program, "status", "--json"];
    await run(statusArgs, world.env);
    const calls = world.takeS3Calls();
    const status = await measure(statusArgs, { env: world.env, limitMs: STATUS_LIMIT_MS, rounds: ROUNDS });
    const title = `windlass status, ${areas} areas x ${images} images`;
    printTable(
      ["process", "wall", "S3 calls"],
      [
        ["node -e 0", `${round(nothing)} ms`, ""],
        ["windlass --help", `${round(help)} ms`, ""],
        [title, `${round(status)} ms`, String(calls)],
      ],
    );
    return [
      atMost("windlass --help", HELP_LIMIT_MS, { measured: help, unit: "ms" }),
      atMost(title, STATUS_LIMIT_MS, { measured: status, unit: "ms" }),
      atMost(`S3 calls of ${title}`, CALL_LIMIT, { measured: calls, unit: "calls" }),
    ];
  } finally {
    await world.close();
  }
}

interface Measuring {
  readonly env: Env;
  readonly limitMs: number;
  readonly rounds: number;
}

/** A machine that does something else meanwhile makes every run slower, and none faster: then it is measured anew. */
async function measure(args: readonly string[], { env, limitMs, rounds }: Measuring): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let turn = 1; turn <= rounds && best > limitMs; turn += 1) {
    const times: number[] = [];
    for (let time = 0; time < RUNS; time += 1) times.push(await timed(() => run(args, env)));
    best = Math.min(best, median(times));
  }
  return best;
}

async function run(args: readonly string[], env: Env): Promise<void> {
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"], env });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  if (code !== 0) throw new Error(`${args.join(" ")} ended with code ${code}`);
}
