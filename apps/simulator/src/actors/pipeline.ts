import type { ImagePlan } from "../core/scenario.ts";
import type { Sim } from "../core/sim.ts";
import { AREA, ORGANIZATION } from "../world/names.ts";
import { type Build, headOf } from "../world/truth.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MINUTE = 60_000;

/** What the pipeline does: pushes, moves tags back and off, and lets images expire. */
export interface Pipeline {
  release(image: ImagePlan, nature?: Build["nature"]): void;
  /** Every tag is on an image that is there. */
  heal(): void;
}

export function createPipeline(sim: Sim): Pipeline {
  return {
    release: (image, nature) => push(sim, image, nature),
    heal: () => {
      for (const image of sim.scenario.images) if (headOf(sim.truth, image.name) === null) push(sim, image, "good");
    },
  };
}

/** Plans all releases of the run. */
export function startPipeline(sim: Sim, pipeline: Pipeline, untilMs: number): void {
  const { scheduler, random, scenario } = sim;
  const now = scheduler.now();
  const first = Math.min(untilMs - now, 6 * HOUR);
  const rushes = scenario.rush === 0 ? [] : drawRushes(sim, untilMs);
  for (const image of scenario.images) scheduler.schedule(random.between(0, first), () => pipeline.release(image));
  for (let left = scenario.releases - scenario.images.length; left > 0; left -= 1) {
    const image = random.pick(scenario.images);
    const rush = rushes.length > 0 && random.chance(scenario.rush) ? random.pick(rushes) : null;
    const at = rush === null ? drawMoment(sim, untilMs) : rush + random.between(0, HOUR);
    scheduler.schedule(at - now, () => act(sim, pipeline, image));
    // Releases come in bursts, too.
    if (random.chance(0.3))
      scheduler.schedule(at - now + random.between(0, 10 * MINUTE), () =>
        act(sim, pipeline, random.pick(scenario.images)),
      );
  }
}

/** People release when somebody can look at it, mostly. */
function drawMoment({ random, scheduler, window }: Sim, untilMs: number): number {
  const at = random.between(scheduler.now(), untilMs);
  return random.chance(0.6) ? Math.min(untilMs, window.nextOpen(at) ?? at) + random.between(0, 2 * HOUR) : at;
}

/** When each day's releases come. */
function drawRushes(sim: Sim, untilMs: number): readonly number[] {
  const days = Math.max(1, Math.floor((untilMs - sim.scheduler.now()) / DAY));
  const from = sim.scheduler.now();
  return Array.from({ length: days }, (_, day) => {
    const at = from + (day + sim.random.next()) * DAY;
    return Math.min(untilMs, sim.window.nextOpen(at) ?? at);
  });
}

function act(sim: Sim, pipeline: Pipeline, image: ImagePlan): void {
  const { chaos } = sim;
  if (chaos.draws("tag-back") && moveBack(sim, image)) return;
  if (chaos.draws("tag-vanishes") && takeOff(sim, pipeline, image)) return;
  if (chaos.draws("image-expires") && expire(sim, pipeline, image)) return;
  pipeline.release(image);
}

function push(sim: Sim, image: ImagePlan, nature?: Build["nature"]): void {
  const { random, registry, scheduler, truth } = sim;
  const commit = random.hex(40);
  const digest = registry.pushImage({ repository: image.name, tags: [AREA, `git_${commit}`] });
  truth.builds.set(digest, {
    digest,
    image: image.name,
    commit,
    nature: nature ?? drawNature(sim, image),
    applySeconds: random.chance(sim.scenario.slow)
      ? random.between(100, image.timeoutMinutes * 20)
      : random.between(2, 60),
    exists: true,
    pullable: true,
    onGitHub: sim.scenario.github && commitTo(sim, image.name, commit),
  });
  truth.heads.get(image.name)?.push({ digest, at: scheduler.now() });
  sim.tell(`push ${image.name} ${digest.slice(7, 15)}`);
  sim.wake();
  if (sim.chaos.draws("layers-missing") && random.chance(0.5)) breakLayers(sim, digest);
}

/** False where the repository is not there at present under its name; its commits are not, either. */
function commitTo({ sandbox }: Sim, name: string, commit: string): boolean {
  try {
    sandbox.github.repository(ORGANIZATION, name).addCommit(commit);
    return true;
  } catch {
    return false;
  }
}

function breakLayers(sim: Sim, digest: string): void {
  const build = sim.truth.builds.get(digest);
  if (build === undefined) return;
  build.pullable = false;
  sim.tell(`layers of ${build.image} ${digest.slice(7, 15)} are missing`);
  sim.scheduler.schedule(sim.random.between(1, 48) * HOUR, () => {
    build.pullable = true;
  });
}

function drawNature({ random }: Sim, image: ImagePlan): Build["nature"] {
  if (random.chance(image.bad)) return random.pick(["fails-init", "fails-plan", "fails-apply"] as const);
  return random.chance(0.1) ? "noop" : "good";
}

function moveBack({ truth, random, registry, scheduler, chaos, wake }: Sim, { name }: ImagePlan): boolean {
  const head = headOf(truth, name);
  const older = [...truth.builds.values()].filter(
    (build) => build.image === name && build.exists && build.digest !== head,
  );
  if (older.length === 0) return false;
  const { digest } = random.pick(older);
  registry.tag(name, AREA, digest);
  truth.heads.get(name)?.push({ digest, at: scheduler.now() });
  chaos.struck("tag-back", `tag of ${name} back to ${digest.slice(7, 15)}`);
  wake();
  return true;
}

function takeOff(sim: Sim, pipeline: Pipeline, image: ImagePlan): boolean {
  const { truth, random, registry, scheduler, chaos, tell, wake } = sim;
  const head = headOf(truth, image.name);
  if (head === null) return false;
  registry.untag(image.name, AREA);
  truth.heads.get(image.name)?.push({ digest: null, at: scheduler.now() });
  chaos.struck("tag-vanishes", `tag of ${image.name} taken off`);
  wake();
  scheduler.schedule(random.between(1, 12 * 60) * MINUTE, () => {
    if (headOf(truth, image.name) !== null) return;
    if (truth.builds.get(head)?.exists !== true) return pipeline.release(image);
    registry.tag(image.name, AREA, head);
    truth.heads.get(image.name)?.push({ digest: head, at: scheduler.now() });
    tell(`tag of ${image.name} put on again`);
    wake();
  });
  return true;
}

/** A lifecycle rule goes by the time of the push, whatever is deployed. */
function expire(sim: Sim, pipeline: Pipeline, image: ImagePlan): boolean {
  const { truth, random, registry, scheduler, chaos, wake } = sim;
  const there = [...truth.builds.values()].filter((build) => build.image === image.name && build.exists);
  if (there.length === 0) return false;
  const build = random.pick(there);
  const wasHead = headOf(truth, image.name) === build.digest;
  registry.deleteImage(image.name, build.digest);
  build.exists = false;
  chaos.struck("image-expires", `image ${build.digest.slice(7, 15)} of ${image.name} expires`);
  if (!wasHead) return true;
  truth.heads.get(image.name)?.push({ digest: null, at: scheduler.now() });
  wake();
  scheduler.schedule(random.between(1, 24) * HOUR, () => {
    if (headOf(truth, image.name) === null) pipeline.release(image);
  });
  return true;
}
