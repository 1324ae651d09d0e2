import type { Sim } from "../core/sim.ts";
import { BUCKET, DEPLOY_GROUP, REGION } from "../world/names.ts";
import type { RunningRunner } from "./runner.ts";

const MINUTE = 60_000;

/** An instance of the deploy group that has booted. */
export interface Plagued {
  readonly sim: Sim;
  readonly id: string;
  /** What runs on it, or did. */
  readonly runner: () => RunningRunner | undefined;
  /** Its machine is about to be off. */
  machineOff(): void;
}

/** Most runners live for a minute or two, some for an hour. */
const SOON_MS = 100_000;
const LATE_MS = 5 * MINUTE;

/** What may befall an instance that has booted. It strikes where there still is something to be struck. */
export function plague(plagued: Plagued): void {
  const { chaos } = plagued.sim;
  if (chaos.draws("host-lost")) atSomeMoment(plagued, loseHost);
  if (chaos.draws("host-shuts-down")) atSomeMoment(plagued, shutHostDown);
  if (chaos.draws("group-rebalances")) atSomeMoment(plagued, rebalance);
  if (chaos.draws("evening-action")) atSomeMoment(plagued, runEveningAction);
}

/** What may befall a runner that has started. */
export function plagueRunner(plagued: Plagued): void {
  const { chaos } = plagued.sim;
  if (chaos.draws("runner-killed")) atSomeMoment(plagued, killRunner);
  if (chaos.draws("runner-cut-off")) atSomeMoment(plagued, cutOff);
  if (chaos.draws("runner-pauses")) atSomeMoment(plagued, pause);
  if (chaos.draws("bucket-denied")) atSomeMoment(plagued, denyBucket);
}

function atSomeMoment(plagued: Plagued, fn: (plagued: Plagued) => void): void {
  const { random, scheduler } = plagued.sim;
  scheduler.schedule(random.between(0, random.chance(0.7) ? SOON_MS : LATE_MS), () => fn(plagued));
}

function loseHost({ sim, id, machineOff }: Plagued): void {
  if (!isUp(sim, id)) return;
  sim.truth.harmed.add(`${id} lost`);
  sim.truth.harmed.add(id);
  sim.chaos.struck("host-lost", `the hardware under ${id} is gone`);
  sim.own.ec2(REGION).interrupt(id);
  machineOff();
}

function shutHostDown({ sim, id }: Plagued): void {
  if (!isUp(sim, id)) return;
  sim.truth.harmed.add(id);
  sim.chaos.struck("host-shuts-down", `${id} shuts itself down`);
  sim.own.ec2(REGION).shutDownFromInside(id);
}

/** EC2 says that it runs, and its hardware is there. */
function isUp({ own, truth }: Sim, id: string): boolean {
  const running = own
    .ec2(REGION)
    .instances()
    .some((one) => one.instanceId === id && one.state === "running");
  return running && !truth.harmed.has(`${id} lost`);
}

function killRunner(plagued: Plagued): void {
  const { sim } = plagued;
  const runner = liveRunner(plagued);
  if (runner === null) return;
  sim.chaos.struck("runner-killed", `${runner.process.name} gets SIGTERM, and SIGKILL soon`);
  runner.stop.request({ kind: "interrupted", signal: "SIGTERM" });
  sim.scheduler.schedule(sim.random.between(1_000, 90_000), () => runner.process.kill("SIGKILL"));
}

function cutOff(plagued: Plagued): void {
  const { random, scheduler, chaos } = plagued.sim;
  const runner = liveRunner(plagued);
  if (runner === null) return;
  const ms = random.between(1, 12) * MINUTE;
  runner.process.cutOffUntil = scheduler.now() + ms;
  chaos.struck("runner-cut-off", `${runner.process.name} is cut off for ${Math.round(ms / 1000)} s`);
}

function pause(plagued: Plagued): void {
  const { random, scheduler, chaos } = plagued.sim;
  const runner = liveRunner(plagued);
  if (runner === null) return;
  const ms = random.between(1, 8) * MINUTE;
  runner.process.pausedUntil = scheduler.now() + ms;
  chaos.struck("runner-pauses", `${runner.process.name} stands still for ${Math.round(ms / 1000)} s`);
}

/** Null where none has started, or its process has ended. */
function liveRunner({ runner }: Plagued): RunningRunner | null {
  const found = runner();
  return found === undefined || found.process.dead() ? null : found;
}

function rebalance({ sim, id }: Plagued): void {
  const begun = sim.own.autoScaling(REGION).rebalance(DEPLOY_GROUP);
  if (begun) sim.chaos.struck("group-rebalances", `the deploy group launches another instance beside ${id}`);
}

/** The scheduled action of the evening: protection alone keeps an instance from it. */
function runEveningAction({ sim }: Plagued): void {
  const scaling = sim.own.autoScaling(REGION);
  const group = scaling.group(DEPLOY_GROUP);
  if (group === null || (group.desired === 0 && group.instances.length === 0)) return;
  for (const member of group.instances) if (!member.protectedFromScaleIn) sim.truth.harmed.add(member.id);
  sim.chaos.struck("evening-action", "the evening action sets the deploy group to 0");
  scaling.setDesiredCapacity(DEPLOY_GROUP, 0);
}

/** Counted where a write is refused. */
function denyBucket({ sim }: Plagued): void {
  sim.tell("the state bucket refuses writes below runs/");
  const allow = sim.own.s3.deny({ bucket: BUCKET, prefix: "runs/", actions: ["PutObject"] });
  sim.scheduler.schedule(sim.random.between(10_000, 5 * MINUTE), () => {
    allow();
    sim.tell("the state bucket takes writes below runs/ again");
  });
}
