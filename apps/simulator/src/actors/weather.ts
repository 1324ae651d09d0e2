import { groupOf } from "../core/scenario.ts";
import type { Sim } from "../core/sim.ts";
import { BUCKET, DEPLOY_GROUP, REGION } from "../world/names.ts";
import { setShutdown } from "./instances.ts";

const HOUR = 3_600_000;
const MINUTE = 60_000;

/** What AWS does by itself, every few hours of the run; all of it ends with the faults. */
export interface Weather {
  heal(): void;
  /** A launch was asked for: what befalls it. */
  onLaunch(): void;
  /** A refresh was asked for. */
  onRefresh(group: string): void;
}

export function startWeather(sim: Sim): Weather {
  const { scheduler, random, chaos, own } = sim;
  const scaling = own.autoScaling(REGION);

  function blow(): void {
    if (chaos.ended()) return;
    if (chaos.draws("stale-reads")) lagBehind(sim);
    if (chaos.draws("slow-termination")) {
      setShutdown(sim, random.between(1, 20) * MINUTE);
      sim.tell("from now on instances take minutes to terminate");
      scheduler.schedule(random.between(1, 12) * HOUR, () => setShutdown(sim, 30_000));
    }
    if (chaos.draws("launch-suspended")) {
      scaling.suspend(DEPLOY_GROUP, ["Launch"]);
      chaos.struck("launch-suspended", "the deploy group launches nothing");
      sim.wake();
      scheduler.schedule(random.between(0.2, 24) * HOUR, () => {
        scaling.resume(DEPLOY_GROUP, ["Launch"]);
        sim.tell("Launch is resumed");
        sim.wake();
      });
    }
    scheduler.schedule(random.between(0.5, 8) * HOUR, blow);
  }
  scheduler.schedule(random.between(0, 4) * HOUR, blow);

  return {
    heal() {
      own.ec2(REGION).staleReads(0);
      scaling.staleReads(0);
      scaling.healLaunches();
      scaling.resume(DEPLOY_GROUP, ["Launch"]);
      setShutdown(sim, 30_000);
      for (const { name, kind } of sim.scenario.images)
        if (kind === "instance-refresh") scaling.stallRefresh(groupOf(name), false);
    },
    onLaunch() {
      // A tick that goes on launches often enough for weather of its own.
      if (chaos.draws("stale-reads")) lagBehind(sim);
      if (chaos.draws("state-cut")) cutState(sim);
      if (!chaos.draws("no-capacity")) return;
      scaling.failLaunches({ code: "InsufficientInstanceCapacity", times: random.int(1, 6), group: DEPLOY_GROUP });
      chaos.struck("no-capacity", "EC2 has no capacity for the next launches");
      scheduler.schedule(random.between(0.1, 4) * HOUR, () => scaling.healLaunches());
    },
    onRefresh(group) {
      if (!chaos.draws("refresh-fails")) return;
      if (random.chance(0.6)) {
        scaling.failRefresh(group, { atPercentage: random.pick([0, 50]) });
        chaos.struck("refresh-fails", `the refresh of ${group} is to fail`);
        return;
      }
      scaling.stallRefresh(group);
      chaos.struck("refresh-fails", `the refresh of ${group} stalls`);
      scheduler.schedule(random.between(0.2, 3) * HOUR, () => scaling.stallRefresh(group, false));
    },
  };
}

/** Somebody, or something, takes a part of a stored state away, or all of it. */
function cutState({ scenario, own, random, chaos }: Sim): void {
  const stored = scenario.images.flatMap(({ name, state }) => {
    const key = `state/${name}/store/terraform.tfstate`;
    const text = state === "store" ? (own.s3.read(BUCKET, key)?.text ?? "") : "";
    return text === "" ? [] : [{ name, key, text }];
  });
  const [one] = random.shuffle(stored);
  if (one === undefined) return;
  const { name, key, text } = one;
  if (random.chance(0.5)) {
    own.s3.remove(BUCKET, key);
    chaos.struck("state-cut", `the stored state of ${name} is gone`);
    return;
  }
  own.s3.write(BUCKET, key, text.slice(0, Math.floor(text.length / 2)));
  chaos.struck("state-cut", `the stored state of ${name} is cut short`);
}

function lagBehind({ own, random, scheduler, chaos }: Sim): void {
  const ms = random.between(1_000, 60_000);
  chaos.struck("stale-reads", `EC2 and Auto Scaling show what was ${Math.round(ms / 1000)} s ago`);
  own.ec2(REGION).staleReads(ms);
  own.autoScaling(REGION).staleReads(ms);
  scheduler.schedule(random.between(2, 30) * MINUTE, () => {
    own.ec2(REGION).staleReads(0);
    own.autoScaling(REGION).staleReads(0);
  });
}
