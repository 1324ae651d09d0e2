import type { InstanceDescription } from "@windlass/sandbox";
import type { Sim } from "../core/sim.ts";
import { DEPLOY_GROUP, REGION } from "../world/names.ts";
import { type Plagued, plague, plagueRunner } from "./instance-plagues.ts";
import { type RunningRunner, startRunner } from "./runner.ts";

const DEPLOYMENT_TAG = "windlass:deployment";
const MINUTE = 60_000;
/** How much of its time an operating system has that is told to shut down. */
const SHUTDOWN_SHARE = 0.8;
const LOOK_MS = 15_000;
const USUAL_SHUTDOWN_MS = 30_000;

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
      plague(plaguedOf(sim, id, running));
      const startMs = drawStart(sim, id);
      if (startMs !== null) sim.scheduler.schedule(startMs, () => begin(sim, instance, running));
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

function plaguedOf(sim: Sim, id: string, running: ReadonlyMap<string, RunningRunner>): Plagued {
  const runner = () => running.get(id);
  return { sim, id, runner, machineOff: () => watchShutdown(sim, id, runner) };
}

function isDeployInstance(sim: Sim, id: string): boolean {
  const group = sim.own.autoScaling(REGION).group(DEPLOY_GROUP);
  return group?.instances.some((member) => member.id === id) ?? false;
}

/** From boot to the runner's start; a late one comes about when the function gives it up; null: it never starts. */
function drawStart({ chaos, random }: Sim, id: string): number | null {
  if (!chaos.draws("boot-fails")) return random.between(5_000, 90_000);
  if (random.chance(0.4)) {
    chaos.struck("boot-fails", `the runner of ${id} never starts`);
    return null;
  }
  const minutes = Math.round(random.chance(0.7) ? random.between(8, 11) : random.between(8, 200));
  chaos.struck("boot-fails", `the runner of ${id} starts after ${minutes} minutes`);
  return minutes * MINUTE;
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
  plagueRunner(plaguedOf(sim, instanceId, running));
}

/** Nothing runs on a machine that is off, and EC2 says so some time later. */
function watchShutdown(sim: Sim, id: string, runner: () => RunningRunner | undefined): void {
  const ms = shutdownMs(sim);
  if (ms > USUAL_SHUTDOWN_MS) {
    sim.chaos.struck("slow-termination", `${id} takes ${Math.round(ms / 1000)} s to terminate`);
  }
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
    if (instance?.state !== "terminated" || !sim.chaos.draws("instance-forgotten")) return;
    sim.own.ec2(REGION).forget(id);
    sim.chaos.struck("instance-forgotten", `EC2 does not know ${id} any more`);
  };
  sim.scheduler.schedule(ms + 1, look);
}

function shutdownMs(sim: Sim): number {
  return shutdowns.get(sim) ?? USUAL_SHUTDOWN_MS;
}

const shutdowns = new WeakMap<Sim, number>();

/** From now on instances take so long to terminate. */
export function setShutdown(sim: Sim, ms: number): void {
  shutdowns.set(sim, ms);
  sim.own.ec2(REGION).timings({ terminateMs: ms, stopMs: ms });
}
