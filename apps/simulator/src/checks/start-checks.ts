import type { Deployment, Ledger } from "@windlass/deployment";
import type { Sim } from "../core/sim.ts";
import type { AttemptModel } from "./attempt-model.ts";
import type { ControlModel } from "./control-model.ts";

/** Clocks may be off by so much, and a tick decides by its own. */
const SKEW_MS = 301_000;
/** A tick lives for two minutes, and its commit may arrive five minutes after it was sent. */
const LATE_MS = 430_000;

/** A start, and what is known of what people asked for and of the attempts before. */
export interface Start {
  readonly deployment: Deployment;
  readonly controls: ControlModel;
  readonly attempts: AttemptModel;
}

/** A deployment was launched: it was allowed to. */
export function checkStart(sim: Sim, ledger: Ledger, start: Start): void {
  checkWindow(sim, start);
  checkAttempts(sim, start);
  checkRequests(sim, start);
  checkOrder(sim, ledger, start.deployment);
  start.controls.spend(start.deployment.image);
}

/** By the deciding clock, which may be off; outside of the window a person has asked for it. */
function checkWindow(sim: Sim, { deployment, controls }: Start): void {
  const { checks, window, scheduler, chaos, scenario } = sim;
  const { id, image, launchedAt, startedBy } = deployment;
  const decided = Date.parse(launchedAt ?? "");
  const now = scheduler.now();
  const skewed = scenario.rates["clock-skew"] !== undefined;
  const honest = Math.abs(decided - now) <= (skewed ? SKEW_MS : 0) + LATE_MS;
  checks.expect("S10", honest, () => `${id} says that it was launched at ${launchedAt}`);
  const asked = startedBy !== null && controls.allowances(image).includes(startedBy.control);
  checks.expect(
    "S10",
    window.isOpen(decided) || asked,
    () => `${id} of ${image} starts at ${launchedAt}, outside of the window, by ${startedBy?.control ?? "nobody"}`,
  );
  // Who is named as having asked has asked, inside of the window as well, and for this start alone.
  checks.expect("S10", startedBy === null || asked, () => `${id} names ${startedBy?.control}, which allows no start`);
  if (window.offsetAt(decided - 3 * 86_400_000) !== window.offsetAt(decided + 3 * 86_400_000))
    chaos.struck("daylight-saving", `${id} starts within three days of a change of the zone's clocks`);
}

/** Not too often by itself, and not too soon. */
function checkAttempts({ truth, checks }: Sim, { deployment, attempts }: Start): void {
  const { id, image } = deployment;
  const refused = attempts.refuse(deployment, truth.plans.get(image)?.retries ?? 0);
  checks.expect("S11", refused === null, () => `${id} of ${image} starts though ${refused}`);
}

/** Nothing starts in an area that people have paused, and of a held image nothing but what it is held at. */
function checkRequests({ checks }: Sim, { deployment, controls }: Start): void {
  const { id, image, digest } = deployment;
  checks.expect("S22", !controls.isPaused(), () => `${id} of ${image} starts in an area that is paused`);
  const held = controls.heldAt(image);
  const allowed = held === null || held.includes(digest);
  checks.expect("S3", allowed, () => `${id} starts ${digest}, and ${image} is held at ${held?.join(", ")}`);
}

/** What comes after another image starts when that one is live at its head, and nothing of it is under way. */
function checkOrder({ truth, checks }: Sim, ledger: Ledger, { id, image }: Deployment): void {
  for (const other of truth.plans.get(image)?.after ?? []) {
    const record = ledger.images[other];
    const live = record?.live != null && record.live.digest === record.head?.digest && record.block === null;
    checks.expect("S21", live, () => `${id} of ${image} starts before ${other}, which it comes after, is live`);
    const active = Object.values(ledger.deployments).find((one) => one.image === other && one.endedAt === null);
    checks.expect(
      "S21",
      active === undefined,
      () => `${id} of ${image} starts while ${active?.id} of ${other} is ${active?.state}`,
    );
  }
}
