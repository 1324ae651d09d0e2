import type { Deployment, Ledger } from "@windlass/deployment";
import type { Sim } from "../core/sim.ts";

/** Attempts after which nothing may go on by itself: three retries of what was interrupted, and the mapping's own. */
const INTERRUPTED = 4;
/** Clocks may be off by so much, and a tick decides by its own. */
const SKEW_MS = 301_000;
/** A tick lives for two minutes, and its commit may arrive five minutes after it was sent. */
const LATE_MS = 430_000;

interface Started {
  readonly at: number;
  readonly digest: string;
}

const outside = new WeakMap<Sim, Map<string, number>>();
const starts = new WeakMap<Sim, Map<string, Started[]>>();

/** A deployment was launched: it was allowed to. */
export function checkStart(sim: Sim, ledger: Ledger, deployment: Deployment): void {
  checkWindow(sim, deployment);
  checkAttempts(sim, deployment);
  checkOrder(sim, ledger, deployment);
}

/** By the deciding clock, which may be off; outside of the window a person has asked for it. */
function checkWindow(sim: Sim, { id, image, launchedAt }: Deployment): void {
  const { checks, window, truth, scheduler, chaos, scenario } = sim;
  const decided = Date.parse(launchedAt ?? "");
  const now = scheduler.now();
  const skewed = scenario.rates["clock-skew"] !== undefined;
  const honest = Math.abs(decided - now) <= (skewed ? SKEW_MS : 0) + LATE_MS;
  checks.expect("S10", honest, () => `${id} says that it was launched at ${launchedAt}`);
  if (!window.isOpen(decided)) {
    // Each request allows one start.
    const used = (outside.get(sim)?.get(image) ?? 0) + 1;
    outside.set(sim, (outside.get(sim) ?? new Map<string, number>()).set(image, used));
    const asked = truth.controls.filter(
      (one) => one.kind === "deploy-now" && one.image === image && one.placedAt <= now,
    );
    checks.expect(
      "S10",
      used <= asked.length,
      () => `${id} of ${image} starts at ${launchedAt}, outside of the window`,
    );
  } else checks.expect("S10", true, () => "");
  if (window.offsetAt(decided - 3 * 86_400_000) !== window.offsetAt(decided + 3 * 86_400_000))
    chaos.struck("daylight-saving", `${id} starts within three days of a change of the zone's clocks`);
}

function checkAttempts(sim: Sim, { id, image, digest }: Deployment): void {
  const { truth, checks, scheduler } = sim;
  const ofImages = starts.get(sim) ?? new Map<string, Started[]>();
  starts.set(sim, ofImages);
  const all = ofImages.get(image) ?? [];
  ofImages.set(image, all);
  all.push({ at: scheduler.now(), digest });
  const moved = truth.heads.get(image)?.at(-1)?.at ?? 0;
  const asked = Math.max(
    0,
    ...truth.controls
      .filter((control) => control.image === image && control.kind !== "deploy-now")
      .map(({ placedAt, appliedAt }) => Math.max(placedAt, appliedAt ?? 0)),
  );
  const since = Math.max(moved, asked);
  const made = all.filter((start) => start.digest === digest && start.at >= since).length;
  const most = (truth.plans.get(image)?.retries ?? 0) + 1 + INTERRUPTED;
  checks.expect("S11", made <= most, () => `${id} is attempt ${made} at ${digest} since anything changed, of ${most}`);
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
