import type { Ledger } from "@windlass/deployment";
import { bringStateBack } from "../actors/people.ts";
import type { Cast } from "../core/run-scenario.ts";
import type { Sim } from "../core/sim.ts";
import { readRecord } from "../world/bucket.ts";
import { DEPLOY_GROUP, REGION } from "../world/names.ts";
import { headOf } from "../world/truth.ts";
import { checkShown } from "./shown-checks.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Of open window, for everything together. */
const OPEN_BASE = 8 * HOUR;
/** And for each image: the longest apply, its boot and its end, and a retry. */
const OPEN_PER_IMAGE = 1 * HOUR;
const LOOK = 10 * MINUTE;
/** However the window lies. */
const LONGEST = 200 * 24 * HOUR;

type RunUntil = (sim: Sim, holds: () => boolean, until: number) => Promise<void>;

/** The faults have ended: within its bound everything comes to where it should be. */
export async function converge(cast: Cast, runUntil: RunUntil): Promise<void> {
  const { sim } = cast;
  const { scheduler, scenario, checks } = sim;
  const began = scheduler.now();
  heal(cast);
  const bound = OPEN_BASE + OPEN_PER_IMAGE * scenario.images.length;
  let open = 0;
  while (checks.violation() === null && open <= bound && scheduler.now() < began + LONGEST) {
    const from = scheduler.now();
    if (findMissing(sim).length === 0) break;
    await runUntil(sim, () => false, from + LOOK);
    if (sim.window.isOpen(from)) open += LOOK;
    if (Math.floor(from / HOUR) !== Math.floor(scheduler.now() / HOUR)) lookAfter(cast);
  }
  const missing = findMissing(sim);
  if (missing.length > 0) sim.tell(`the ledger: ${JSON.stringify(readRecord(sim, "ledger.json"))}`);
  checks.expect(
    "L2",
    missing.length === 0,
    () => `${Math.round(open / MINUTE)} open minutes after the last fault: ${missing.join("; ")}`,
  );
  if (cast.github !== null && checks.violation() === null) checkShown(sim, cast.github);
}

function heal({ sim, weather, github, pipeline, people }: Cast): void {
  sim.tell("the faults end");
  sim.chaos.end();
  weather.heal();
  github?.heal();
  for (const build of sim.truth.builds.values()) build.pullable = true;
  for (const { name, state } of sim.scenario.images) if (state === "store") bringStateBack(sim, name);
  pipeline.heal();
  lookAfterAll(sim, people);
  sim.wake();
}

function lookAfter({ sim, people }: Cast): void {
  lookAfterAll(sim, people);
}

/** What waits for a person gets one; a build that can not be deployed stays where it is. */
function lookAfterAll(sim: Sim, people: Cast["people"]): void {
  const ledger = readRecord<Ledger>(sim, "ledger.json");
  if (ledger !== null && ledger.pause !== null) people.askArea("resume");
  for (const [image, record] of Object.entries(ledger?.images ?? {})) {
    if (record.hold !== null) people.ask("unhold", image);
    if (record.block !== null) people.ask("unblock", image);
    else if (isTired(sim, ledger, image) && (isGood(sim, image) || record.attempts?.last.outcome !== "failed")) {
      people.ask("retry", image);
    }
  }
}

function isGood(sim: Sim, image: string): boolean {
  const nature = sim.truth.builds.get(headOf(sim.truth, image) ?? "")?.nature;
  const { kind } = sim.truth.plans.get(image) ?? { kind: "terraform" };
  return nature === "good" || nature === "noop" || kind === "instance-refresh";
}

/** It was tried, and nothing is under way. */
function isTired(_sim: Sim, ledger: Ledger | null, image: string): boolean {
  const record = ledger?.images[image];
  const active = Object.values(ledger?.deployments ?? {}).some(
    (one) => one.image === image && ["waiting", "launching", "running"].includes(one.state),
  );
  return record !== undefined && record.attempts !== null && record.attempts.digest === record.head?.digest && !active;
}

/** It has ended and is still kept, or something kept it from being shown; what waits or runs keeps its record. */
function isUnshown({ outcome, check, deployment, issue, topic }: Ledger["reports"][string]): boolean {
  return outcome !== null || [check, deployment, issue, topic].some((place) => (place?.trouble ?? null) !== null);
}

/** What is not yet as it should be. */
function findMissing(sim: Sim): readonly string[] {
  const ledger = readRecord<Ledger>(sim, "ledger.json");
  if (ledger === null) return ["there is no ledger"];
  const group = sim.own.autoScaling(REGION).group(DEPLOY_GROUP);
  const failing = new Set<string>();
  const problems: string[] = ledger.pause === null ? [] : ["the area is paused"];
  for (const { name, after } of sim.scenario.images) {
    if (after.some((other) => failing.has(other))) {
      failing.add(name);
      continue;
    }
    const record = ledger.images[name];
    const head = headOf(sim.truth, name);
    if (record?.live?.digest === head && record?.disturbed === null) continue;
    const failed = record?.attempts?.digest === head && record?.attempts.last.outcome === "failed";
    if (!isGood(sim, name) && failed) failing.add(name);
    else
      problems.push(
        `${name} is at ${record?.live?.digest.slice(7, 15)}, its head is ${head?.slice(7, 15)}${record?.block ? ", blocked" : ""}${record?.disturbed ? ", disturbed" : ""}`,
      );
  }
  const active = Object.values(ledger.deployments).filter(({ state }) => state === "launching" || state === "running");
  if (active.length > 0) problems.push(`${active.map(({ id, state }) => `${id} is ${state}`).join(", ")}`);
  if (group !== null && (group.desired > 0 || group.instances.length > 0))
    problems.push(`the deploy group has desired ${group.desired}, ${group.instances.length} instances`);
  const reports = Object.values(ledger.reports).filter(isUnshown).length;
  if (reports > 0) problems.push(`${reports} reports are not shown`);
  return problems;
}
