import type { GroupView, InstanceDescription } from "@windlass/sandbox";
import type { Sim } from "../core/sim.ts";
import { BUCKET, DEPLOY_GROUP, REGION } from "../world/names.ts";
import { type RunningRunner, startRunner } from "./runner.ts";

const DEPLOYMENT_TAG = "windlass:deployment";
const MINUTE = 60_000;
/** How much of its time an operating system has that is told to shut down. */
const SHUTDOWN_SHARE = 0.8;
const LOOK_MS = 15_000;

/** Plays the inside of the deploy group's instances, and what befalls them. */
export function playInstances(sim: Sim): void {
  const ec2 = sim.own.ec2(REGION);
  const running = new Map<string, RunningRunner>();
  ec2.onInstance({
    booted(instance) {
      const id = instance.instanceId;
      if (!isDeployInstance(sim, id)) return;
      sim.tell(`instance ${id} has booted`);
      sim.wake();
      plague(sim, id, running);
      if (sim.chaos.strikes("boot-fails") && sim.random.chance(0.5)) return;
      sim.scheduler.schedule(drawStart(sim), () => begin(sim, instance, running));
    },
    terminating(instance, { abrupt }) {
      const id = instance.instanceId;
      const runner = running.get(id);
      sim.wake();
      if (abrupt) {
        sim.truth.harmed.add(id);
        runner?.process.kill("its host is lost");
        return;
      }
      runner?.stop.request({ kind: "interrupted", signal: "SIGTERM" });
      watchShutdown(sim, id, () => running.get(id));
    },
  });
}

function isDeployInstance(sim: Sim, id: string): boolean {
  const group = sim.own.autoScaling(REGION).group(DEPLOY_GROUP);
  return group?.instances.some((member) => member.id === id) ?? false;
}

/** From boot to the runner's start; a late one comes about when the function gives it up. */
function drawStart({ chaos, random }: Sim): number {
  if (!chaos.strikes("boot-fails")) return random.between(5_000, 90_000);
  return (random.chance(0.7) ? random.between(8, 11) : random.between(8, 200)) * MINUTE;
}

function begin(sim: Sim, { instanceId }: InstanceDescription, running: Map<string, RunningRunner>): void {
  const instance = sim.own
    .ec2(REGION)
    .instances()
    .find((one) => one.instanceId === instanceId);
  // Who is on the way out, or was shut down before, starts nothing any more.
  if (instance?.state !== "running" || running.has(instanceId) || sim.truth.harmed.has(`${instanceId} lost`)) return;
  const deployment = instance.allTags[DEPLOYMENT_TAG];
  if (deployment === undefined) return;
  running.set(instanceId, startRunner(sim, instanceId, deployment));
}

/** Nothing runs on a machine that is off, and EC2 says so some time later. */
function watchShutdown(sim: Sim, id: string, runner: () => RunningRunner | undefined): void {
  const ms = shutdownMs(sim);
  sim.scheduler.schedule(ms * SHUTDOWN_SHARE, () => runner()?.process.kill("its machine is off"));
  const look = (): void => {
    const instance = sim.own
      .ec2(REGION)
      .instances()
      .find((one) => one.instanceId === id);
    const gone = instance === undefined || instance.state === "terminated" || instance.state === "stopped";
    if (!gone) return void sim.scheduler.schedule(LOOK_MS, look);
    runner()?.process.kill("its machine is off");
    if (instance?.state !== "stopped") sim.truth.gone.set(id, sim.scheduler.now());
    sim.wake();
    if (instance?.state === "terminated" && sim.chaos.strikes("instance-forgotten")) sim.own.ec2(REGION).forget(id);
  };
  sim.scheduler.schedule(ms + 1, look);
}

function shutdownMs(sim: Sim): number {
  return shutdowns.get(sim) ?? 30_000;
}

const shutdowns = new WeakMap<Sim, number>();

/** From now on instances take so long to terminate. */
export function setShutdown(sim: Sim, ms: number): void {
  shutdowns.set(sim, ms);
  sim.own.ec2(REGION).timings({ terminateMs: ms, stopMs: ms });
}

/** What may befall an instance in its life, at any moment of it. */
function plague(sim: Sim, id: string, running: ReadonlyMap<string, RunningRunner>): void {
  const { chaos, random, scheduler, own, truth } = sim;
  const within = (minutes: number, fn: () => void) => scheduler.schedule(random.between(0, minutes * MINUTE), fn);
  const ec2 = own.ec2(REGION);
  const isUp = () => ec2.instances().some((one) => one.instanceId === id && one.state === "running");
  if (chaos.strikes("host-lost")) {
    within(5, () => {
      if (!isUp()) return;
      truth.harmed.add(`${id} lost`);
      truth.harmed.add(id);
      ec2.interrupt(id);
      watchShutdown(sim, id, () => running.get(id));
    });
  }
  if (chaos.strikes("host-shuts-down")) {
    within(5, () => {
      if (!isUp()) return;
      truth.harmed.add(id);
      ec2.shutDownFromInside(id);
    });
  }
  if (chaos.strikes("runner-killed")) within(5, () => killRunner(sim, running.get(id)));
  if (chaos.strikes("group-rebalances")) within(4, () => void own.autoScaling(REGION).rebalance(DEPLOY_GROUP));
  if (chaos.strikes("evening-action")) within(6, () => runEveningAction(sim));
  if (chaos.strikes("runner-cut-off")) within(5, () => cutOff(sim, running.get(id)));
  if (chaos.strikes("runner-pauses")) within(5, () => pause(sim, running.get(id)));
  if (chaos.strikes("bucket-denied")) within(5, () => denyBucket(sim));
}

function killRunner(sim: Sim, runner: RunningRunner | undefined): void {
  runner?.stop.request({ kind: "interrupted", signal: "SIGTERM" });
  sim.scheduler.schedule(sim.random.between(1_000, 90_000), () => runner?.process.kill("SIGKILL"));
}

function cutOff({ random, scheduler, tell }: Sim, runner: RunningRunner | undefined): void {
  if (runner === undefined) return;
  const ms = random.between(1, 12) * MINUTE;
  runner.process.cutOffUntil = scheduler.now() + ms;
  tell(`${runner.process.name} is cut off for ${Math.round(ms / 1000)} s`);
}

function pause({ random, scheduler, tell }: Sim, runner: RunningRunner | undefined): void {
  if (runner === undefined) return;
  const ms = random.between(1, 8) * MINUTE;
  runner.process.pausedUntil = scheduler.now() + ms;
  tell(`${runner.process.name} stands still for ${Math.round(ms / 1000)} s`);
}

/** The scheduled action of the evening: protection alone keeps an instance from it. */
function runEveningAction(sim: Sim): void {
  const group: GroupView | null = sim.own.autoScaling(REGION).group(DEPLOY_GROUP);
  for (const member of group?.instances ?? []) if (!member.protectedFromScaleIn) sim.truth.harmed.add(member.id);
  sim.tell("the evening action sets the deploy group to 0");
  sim.own.autoScaling(REGION).setDesiredCapacity(DEPLOY_GROUP, 0);
}

function denyBucket(sim: Sim): void {
  sim.tell("the state bucket refuses writes below runs/");
  const allow = sim.own.s3.deny({ bucket: BUCKET, prefix: "runs/", actions: ["PutObject"] });
  sim.scheduler.schedule(sim.random.between(10_000, 5 * MINUTE), allow);
}
