import type { Deployment } from "@windlass/deployment";
import type { LogStep } from "@windlass/ledger-store";
import type { AreaOptions } from "./area-options.ts";
import { CliError } from "./cli-error.ts";
import type { CliWorld } from "./cli-world.ts";
import { exitCode } from "./exit-code.ts";
import { type FoundDeployment, findDeployment } from "./find-deployment.ts";
import { followRun, type RunEvent } from "./follow-run.ts";
import { formatRunEvent } from "./format-run-event.ts";
import { openMapping } from "./open-mapping.ts";
import { printJson, printJsonLine } from "./print-json.ts";
import { readLogs } from "./read-logs.ts";

export interface LogsOptions extends AreaOptions {
  readonly area?: string;
  readonly step?: string;
  readonly follow?: true;
}

/** In the order in which they run. */
export const STEPS: readonly LogStep[] = ["init", "plan", "unlock", "show", "apply", "entrypoint"];

/** `windlass logs`: 0; with `-f` 1 where the deployment did not succeed. Throws where there is no such deployment. */
export async function showLogs(world: CliWorld, text: string, options: LogsOptions): Promise<number> {
  const mapping = openMapping(world, options);
  const steps = stepsOf(options.step);
  const found = await findDeployment(world, { mapping, text, options });
  if (options.follow === true) return followLogs(world, { found, steps, options });
  const logs = await readLogs(found, steps);
  const { id, state } = found.deployment;
  if (options.json === true) {
    printJson(world, { area: found.open.name, deployment: id, state, steps: logs });
    return exitCode.ok;
  }
  const heading = steps.length > 1;
  for (const { step, text: log } of logs) world.write(`${heading ? `==> ${step}\n` : ""}${endLine(log)}`);
  if (logs.length === 0) world.writeError(`${describeNoLog(found)}\n`);
  return exitCode.ok;
}

interface Following {
  readonly found: FoundDeployment;
  readonly steps: readonly LogStep[];
  readonly options: LogsOptions;
}

async function followLogs(world: CliWorld, { found, steps, options }: Following): Promise<number> {
  let last: RunEvent | null = null;
  for await (const event of followRun(world, found, steps)) {
    if (options.json === true) printJsonLine(world, event);
    else world.write(formatRunEvent(event, last, world));
    last = event;
  }
  // Interrupted: whoever stops looking has seen no failure.
  return last?.kind !== "end" || isGood(last.outcome) ? exitCode.ok : exitCode.failed;
}

function isGood(outcome: string): boolean {
  return outcome === "succeeded" || outcome === "noop";
}

function stepsOf(step: string | undefined): readonly LogStep[] {
  if (step === undefined) return STEPS;
  const found = STEPS.find((one) => one === step);
  if (found !== undefined) return [found];
  throw new CliError({
    code: "options-wrong",
    message: "--step is none",
    expected: STEPS.join(", "),
    found: JSON.stringify(step),
  });
}

function endLine(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}

function describeNoLog({ deployment: { id, kind, state } }: FoundDeployment): string {
  if (kind === "instance-refresh")
    return `${id} is an instance refresh (${state}), which has no log; see windlass show`;
  return `${id} has no log${describeWhy(state)}`;
}

function describeWhy(state: Deployment["state"]): string {
  return state === "waiting" || state === "launching"
    ? ` yet: it is ${state}; -f follows it`
    : ` of these steps (${state})`;
}
