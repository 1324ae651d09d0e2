import type { Sim } from "../core/sim.ts";
import type { Pipeline } from "./pipeline.ts";

/** Now and then a release comes between a tick's decision and what follows from it. */
export function startTagMoves(sim: Sim, pipeline: Pipeline): void {
  const { scheduler, chaos, random, scenario, own } = sim;
  own.ec2().onInstance({
    booted() {
      if (!chaos.draws("tag-moves-in-tick")) return;
      scheduler.schedule(random.between(0, 60_000), () => {
        if (chaos.ended()) return;
        const image = random.pick(scenario.images);
        chaos.struck("tag-moves-in-tick", `the tag of ${image.name} moves while an instance begins its work`);
        pipeline.release(image);
      });
    },
  });
}
