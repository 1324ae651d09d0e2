import {
  type Action,
  type DeploymentId,
  describeReason,
  emptyLedger,
  type ImageDigest,
  type Note,
  type Observation,
  type Plan,
  planTick,
  type Reason,
  toInstant,
} from "@windlass/deployment";
import type { AreaOptions } from "./area-options.ts";
import { CliError } from "./cli-error.ts";
import type { CliWorld } from "./cli-world.ts";
import { exitCode } from "./exit-code.ts";
import { formatPlan } from "./format-plan.ts";
import { type HeadsFrom, observeOpenArea } from "./observe-open-area.ts";
import { openArea } from "./open-area.ts";
import { openMapping } from "./open-mapping.ts";
import { printJson } from "./print-json.ts";
import { requireArea } from "./require-name.ts";

export interface PlanOptions extends AreaOptions {
  readonly area: string;
  readonly heads: string;
}

/** What `windlass plan --json` prints: what the next tick would do. */
export interface PlanView {
  readonly area: string;
  readonly at: string;
  /** Whether the tick would write the ledger at all. */
  readonly changes: boolean;
  /** Images whose head is what the last tick saw, since the registry does not let this caller look. */
  readonly headsFromLedger: readonly string[];
  /** What could not be read with these credentials, and so would not be decided from here. */
  readonly unreadable: readonly string[];
  readonly launched: readonly DeploymentInPlan[];
  readonly ended: readonly (DeploymentInPlan & { readonly state: string })[];
  readonly actions: readonly Action[];
  readonly images: readonly { readonly image: string; readonly reason: Reason; readonly text: string }[];
  readonly notes: readonly Note[];
}

export interface DeploymentInPlan {
  readonly deployment: DeploymentId;
  readonly image: string;
  readonly digest: ImageDigest;
  readonly commit: string | null;
}

/** `windlass plan`: 0. Throws where the area can not be looked at. */
export async function showPlan(world: CliWorld, options: PlanOptions): Promise<number> {
  const mapping = openMapping(world, options);
  const { name } = requireArea(mapping, options.area);
  const heads = headsOf(options.heads);
  const open = await openArea(world, { mapping, name, options });
  const now = world.now();
  const read = await open.attempt(() => open.store.readLedger(open.scope));
  const ledger = read.kind === "ledger" ? read.ledger : emptyLedger(open.scope, now);
  const { observation, notes, headsFromLedger } = await observeOpenArea(world, open, { ledger, heads, now });
  const plan = planTick(ledger, observation, open.slice, now);
  const changes = read.kind === "missing" || plan.ledger !== ledger;
  const unreadable = unreadableIn(observation);
  const view = { area: name, at: toInstant(now), changes, headsFromLedger, unreadable, ...viewPlan(plan, notes) };
  if (options.json === true) printJson(world, view);
  else world.write(formatPlan(view, world));
  return exitCode.ok;
}

export function headsOf(text: string): HeadsFrom {
  if (text === "registry" || text === "ledger") return text;
  throw new CliError({
    code: "options-wrong",
    message: "--heads is no place to look for heads",
    expected: "registry or ledger",
    found: JSON.stringify(text),
  });
}

function viewPlan(
  { launched, ended, ledger, actions, reasons, notes }: Plan,
  observerNotes: readonly Note[],
): Pick<PlanView, "launched" | "ended" | "actions" | "images" | "notes"> {
  const inPlan = (id: DeploymentId) => {
    const found = ledger.deployments[id];
    return found === undefined ? [] : [pick(found)];
  };
  return {
    launched: launched.flatMap(inPlan),
    ended: ended.map((deployment) => ({ ...pick(deployment), state: deployment.state })),
    actions,
    images: Object.entries(reasons).map(([image, reason]) => ({ image, reason, text: describeReason(reason) })),
    notes: [...observerNotes, ...notes],
  };
}

function pick({
  id,
  image,
  digest,
  commit,
}: Omit<DeploymentInPlan, "deployment"> & { readonly id: DeploymentId }): DeploymentInPlan {
  return { deployment: id, image, digest, commit };
}

/** What these credentials could not read, in words. */
export function unreadableIn({ group, controls, heads }: Observation): readonly string[] {
  return [
    ...(group.kind === "unreadable" ? [`the deploy group: ${group.message}`] : []),
    ...(controls.kind === "unreadable" ? [`the controls: ${controls.message}`] : []),
    ...Object.entries(heads).flatMap(([image, head]) =>
      head.kind === "unreadable" ? [`the head of ${image}: ${head.message}`] : [],
    ),
  ];
}
