import { type ImageView, viewArea } from "@windlass/area-view";
import {
  describeReason,
  emptyLedger,
  explainTick,
  type Ledger,
  type Plan,
  type Reason,
  type RuleAnswer,
  toInstant,
} from "@windlass/deployment";
import type { AreaOptions } from "./area-options.ts";
import type { CliWorld } from "./cli-world.ts";
import { exitCode } from "./exit-code.ts";
import { formatExplanation } from "./format-explanation.ts";
import { type HeadsFrom, observeOpenArea } from "./observe-open-area.ts";
import { type OpenArea, openArea } from "./open-area.ts";
import { openMapping } from "./open-mapping.ts";
import { headsOf, unreadableIn } from "./plan.ts";
import { printJson } from "./print-json.ts";
import { requireArea, requireImage } from "./require-name.ts";

export interface ExplainOptions extends AreaOptions {
  readonly area: string;
  readonly heads: string;
}

/** What `windlass explain --json` prints. */
export interface ExplanationView {
  readonly area: string;
  readonly at: string;
  readonly headsFromLedger: readonly string[];
  readonly unreadable: readonly string[];
  /** As of the next tick, which decides the same from the same; what it starts is `ready`. */
  readonly image: ImageView;
  /** Every rule that was looked at, in that order, with its answer; the first that stops the image is its reason. */
  readonly rules: readonly RuleAnswer[];
  /** Images that it waits for, one behind the other, each with where it stands. */
  readonly behind: readonly { readonly image: string; readonly reason: Reason; readonly text: string }[];
}

/** `windlass explain`: 0. Throws where there is no such image, or the area can not be looked at. */
export async function explainImage(world: CliWorld, image: string, options: ExplainOptions): Promise<number> {
  const mapping = openMapping(world, options);
  const { name } = requireArea(mapping, options.area);
  requireImage(mapping, image);
  const heads = headsOf(options.heads);
  const open = await openArea(world, { mapping, name, options });
  const explanation = await readExplanation(world, open, { image, heads });
  if (options.json === true) printJson(world, explanation);
  else world.write(formatExplanation(explanation, world));
  return exitCode.ok;
}

export interface ExplanationToRead {
  /** One that the mapping has. */
  readonly image: string;
  readonly heads: HeadsFrom;
}

/** What the next tick would say of the image, by its own function. Throws `CliError`. */
export async function readExplanation(
  world: CliWorld,
  open: OpenArea,
  { image, heads }: ExplanationToRead,
): Promise<ExplanationView> {
  const now = world.now();
  const read = await open.attempt(() => open.store.readLedger(open.scope));
  const ledger = read.kind === "ledger" ? read.ledger : emptyLedger(open.scope, now);
  const { observation, headsFromLedger } = await observeOpenArea(world, open, { ledger, heads, now });
  const { plan, rules } = explainTick(ledger, observation, open.slice, now);
  const reasons = reasonsBefore(plan, ledger);
  const { controls } = observation;
  const view = viewArea({ slice: open.slice, ledger: plan.ledger, controls, reasons, now });
  const own = view.images.find((one) => one.image === image);
  if (own === undefined) throw new TypeError(`${image} is mapped and has no view`);
  return {
    area: open.name,
    at: toInstant(now),
    headsFromLedger,
    unreadable: unreadableIn(observation),
    image: own,
    rules: rules[image] ?? [],
    behind: chainOf(image, reasons),
  };
}

/** What the next tick starts is ready now. */
function reasonsBefore({ reasons, launched, ledger }: Plan, before: Ledger): Readonly<Record<string, Reason>> {
  const starting = new Set(
    launched.filter((id) => before.deployments[id]?.launchedAt == null).map((id) => ledger.deployments[id]?.image),
  );
  return Object.fromEntries(
    Object.entries(reasons).map(([image, reason]) => [
      image,
      starting.has(image) ? ({ kind: "ready" } as const) : reason,
    ]),
  );
}

/** The mapping has no cycle, and so this has an end. */
function chainOf(image: string, reasons: Readonly<Record<string, Reason>>): ExplanationView["behind"] {
  const reason = reasons[image];
  const next =
    reason?.kind === "waiting-dependency" ? reason.on : reason?.kind === "waiting-turn" ? reason.behind : null;
  const found = next === null ? undefined : reasons[next];
  if (next === null || found === undefined) return [];
  return [{ image: next, reason: found, text: describeReason(found) }, ...chainOf(next, reasons)];
}
