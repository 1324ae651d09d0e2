import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { credentialsFor } from "@windlass/sandbox";
import { atMost, type Bar, median, round } from "./bars.ts";
import {
  type Deployed,
  MODULE,
  openRunnerWorld,
  type PeakMemory,
  programName,
  type RunnerLine,
  type RunnerWorld,
} from "./runner-world.ts";
import { printTable } from "./table.ts";
import { account, bucket, region } from "./world.ts";

const RUNS = 7;
const TALKS = 3;
const OVERHEAD_LIMIT_MS = 1_500;
const MEMORY_LIMIT_MB = 100;
const STEPS = ["init", "plan", "show", "apply"] as const;

/** Measures what the runner adds to Terraform's own time, and the memory that it takes. */
export async function benchRunner(): Promise<readonly Bar[]> {
  const world = await openRunnerWorld();
  try {
    // Pulls the image, which is not what is measured.
    await world.deploy({ number: 1, entrypoint: null });
    const runs: Run[] = [];
    for (let run = 0; run < RUNS; run += 1) runs.push(await measureRun(world, run + 2));
    const talking: Deployed[] = [];
    for (let talk = 0; talk < TALKS; talk += 1) {
      talking.push(await world.deploy({ number: RUNS + 2 + talk, entrypoint: ["talk"] }));
    }
    return report(runs, talking);
  } finally {
    await world.close();
  }
}

interface Run {
  /** Each step as the runner's own child, without a container and without the runner. */
  readonly directMs: Readonly<Record<string, number>>;
  readonly deployed: Deployed;
}

/** One after the other, so that both have the same machine. */
async function measureRun(world: RunnerWorld, number: number): Promise<Run> {
  const directMs = await runDirectly(world, number);
  return { directMs, deployed: await world.deploy({ number, entrypoint: null }) };
}

async function runDirectly({ url, folder }: RunnerWorld, number: number): Promise<Run["directMs"]> {
  const directory = join(folder, `direct-${number}`);
  mkdirSync(directory);
  writeFileSync(join(directory, "main.tf"), MODULE);
  writeFileSync(join(directory, "windlass_override.tf"), 'terraform {\n  backend "s3" {}\n}\n');
  const { accessKeyId, secretAccessKey, sessionToken = "" } = credentialsFor({ account, role: "windlass-apply" });
  const credentials = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
  const env = {
    ...{ ...process.env, ...credentials, AWS_SESSION_TOKEN: sessionToken, AWS_REGION: region, AWS_ENDPOINT_URL: url },
    ...{ AWS_EC2_METADATA_DISABLED: "true", TF_IN_AUTOMATION: "1", CHECKPOINT_DISABLE: "1" },
  };
  const backend = [`bucket=${bucket}`, `key=state/direct-${number}.tfstate`, `region=${region}`, "use_lockfile=true"];
  const emulated = ["use_path_style=true", "skip_region_validation=true", `endpoints={s3="${url}",sts="${url}"}`];
  const plain = ["-input=false", "-no-color"];
  const args = {
    init: ["init", ...plain, "-reconfigure", ...[...backend, ...emulated].map((entry) => `-backend-config=${entry}`)],
    plan: ["plan", ...plain, "-lock-timeout=60s", "-out=windlass.tfplan"],
    show: ["show", "-json", "-no-color", "windlass.tfplan"],
    apply: ["apply", ...plain, "-lock-timeout=60s", "windlass.tfplan"],
  };
  const times: Record<string, number> = {};
  for (const step of STEPS) {
    const before = performance.now();
    await promisify(execFile)(programName(), args[step], { cwd: directory, env });
    times[step] = performance.now() - before;
  }
  return times;
}

function report(runs: readonly Run[], talking: readonly Deployed[]): readonly Bar[] {
  const overheads = runs.map(({ directMs, deployed }) => deployed.wallMs - sum(Object.values(directMs)));
  const load = loadavg().map((value) => round(value));
  console.log(`\nRunner: ${RUNS} deployments of a pulled image with podman; the machine's load is ${load.join(", ")}`);
  printTable(
    ["median ms", "runner", `${programName()} alone`, "more"],
    parts(runs).map(({ name, runner, direct }) => [name, ms(runner), ms(direct), ms(runner - direct)]),
  );
  const spread = `${ms(Math.min(...overheads))} to ${ms(Math.max(...overheads))} ms`;
  console.log(`  overhead: median ${ms(median(overheads))} ms (${spread})`);
  const residentMb = tellMemory(
    talking,
    runs.map(({ deployed }) => deployed),
  );
  return [
    atMost("the runner beyond Terraform's own time", OVERHEAD_LIMIT_MS, { measured: median(overheads), unit: "ms" }),
    atMost("memory of the runner with 20 MB of log", MEMORY_LIMIT_MB, { measured: residentMb, unit: "MB" }),
  ];
}

/** Gives the resident memory while there is much of a log; tells what of it is no file's, too. */
function tellMemory(talking: readonly Deployed[], quiet: readonly Deployed[]): number {
  const of = (runs: readonly Deployed[], kind: keyof PeakMemory) => median(runs.map(({ memory }) => memory[kind]));
  const residentMb = of(talking, "resident");
  console.log(`  memory: median ${round(residentMb)} MB with 20 MB of log, ${round(of(quiet, "resident"))} MB without`);
  const [most, least] = [round(of(talking, "own")), round(of(quiet, "own"))];
  console.log(`  of it no page of a program file: ${most} MB, ${least} MB`);
  return residentMb;
}

interface Part {
  readonly name: string;
  readonly runner: number;
  readonly direct: number;
}

/** What the time is made of, by the runner's own log. */
function parts(runs: readonly Run[]): readonly Part[] {
  const steps = STEPS.map((step) => ({
    name: step,
    runner: median(runs.map(({ deployed }) => 1_000 * (endOf(deployed.lines, step)?.seconds ?? 0))),
    direct: median(runs.map(({ directMs }) => directMs[step] ?? 0)),
  }));
  const before = median(
    runs.map(({ deployed }) => at(deployed.lines, "step started") - at(deployed.lines, "deployment claimed")),
  );
  const whole = median(runs.map(({ deployed }) => deployed.wallMs));
  const rest = whole - before - sum(steps.map(({ runner }) => runner));
  const direct = sum(steps.map((step) => step.direct));
  return [
    { name: "claim to first step", runner: before, direct: 0 },
    ...steps,
    { name: "between steps and after them", runner: rest, direct: 0 },
    { name: "claim to result", runner: whole, direct },
  ];
}

function endOf(lines: readonly RunnerLine[], step: string): RunnerLine | undefined {
  return lines.find((line) => line.msg === "step ended" && line.step === step);
}

function at(lines: readonly RunnerLine[], msg: string): number {
  return lines.find((line) => line.msg === msg)?.time ?? Number.NaN;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function ms(value: number): string {
  return Math.round(value).toLocaleString("en");
}
