import { type DeploymentView, viewDeployment } from "@windlass/area-view";
import type { RecordReading } from "@windlass/deployment";
import type { AreaOptions } from "./area-options.ts";
import type { CliWorld } from "./cli-world.ts";
import { exitCode } from "./exit-code.ts";
import { type FoundDeployment, findDeployment } from "./find-deployment.ts";
import { formatDeployment } from "./format-deployment.ts";
import { openMapping } from "./open-mapping.ts";
import { printJson } from "./print-json.ts";

export interface ShowOptions extends AreaOptions {
  readonly area?: string;
}

/** `windlass show`: 0. Throws where there is no such deployment, or it can not be looked at. */
export async function showDeployment(world: CliWorld, text: string, options: ShowOptions): Promise<number> {
  const mapping = openMapping(world, options);
  const view = await readDeployment(await findDeployment(world, { mapping, text, options }));
  if (options.json === true) printJson(world, view);
  else world.write(formatDeployment(view, world));
  return exitCode.ok;
}

/** Everything about a deployment: its record, and what its runner wrote. */
export async function readDeployment({ open, deployment, ledger }: FoundDeployment): Promise<DeploymentView> {
  const { store, slice, name, attempt } = open;
  const input = { slice, area: name, ledger, deployment };
  if (deployment.kind !== "terraform" || deployment.launchedAt === null) return viewDeployment(input);
  const run = await attempt(() => store.readRun(deployment.id));
  if (run.kind === "unreadable") return viewDeployment(input);
  return viewDeployment({ ...input, lease: presentIn(run.lease), result: presentIn(run.result) });
}

function presentIn<T>(reading: RecordReading<T>): T | null {
  return reading.kind === "present" ? reading.value : null;
}
