import { setTimeout as wait } from "node:timers/promises";
import type { DeploymentId } from "@windlass/deployment";
import type { AreaSite } from "./area-site.ts";
import type { MachineClock } from "./machine-clock.ts";
import type { Narrator } from "./narrator.ts";
import type { Organisation } from "./organisation.ts";
import { liveDigest, shortDigest } from "./reporter.ts";
import type { Ticker } from "./settle.ts";

/** When the story begins: a Tuesday morning in Sydney, twenty minutes before production's window opens. */
export const STORY_START = new Date("2026-11-23T21:40:00.000Z");
const WINDOW_OPENS = new Date("2026-11-23T22:00:05.000Z");
const PLANNING_PATIENCE_MS = 30_000;
/** Longer than the first back-off. */
const RETRY_MS = 61_000;
/** The warm-up of the application's instances, which a refresh waits for after each batch. */
const WARM_UP_MS = 5 * 60_000 + 1_000;

export interface StoryTools {
  readonly organisation: Organisation;
  readonly clock: MachineClock;
  readonly ticker: Ticker;
  readonly narrator: Narrator;
}

/** The product's story, end to end. Throws where something does not come out as told. */
export async function tellStory(tools: StoryTools): Promise<void> {
  const network = await firstRelease(tools);
  const site = await promote(tools, network);
  const fixed = await breakAndFix(tools, site);
  await loseInstance(tools, fixed);
  await openProduction(tools, { network, site: fixed });
  await refreshApplication(tools);
}

async function firstRelease({ organisation, narrator, ticker }: StoryTools): Promise<string> {
  narrator.chapter("A first release to scratch");
  const { pipeline } = organisation;
  const network = await pipeline.build({ image: "dga-network", commit: "1f0c2aa9d", version: "1.0.0" });
  pipeline.release("dga-network", network, "scratch");
  narrator.tell(`Jenkins moves the tag scratch of dga-network to ${shortDigest(network)}`);
  await untilLive(ticker, organisation.area("scratch"), { image: "dga-network", digest: network });
  return network;
}

async function promote({ organisation, narrator, ticker }: StoryTools, network: string): Promise<string> {
  narrator.chapter("A second image, and the same digests promoted to staging");
  const { pipeline } = organisation;
  const site = await pipeline.build({ image: "dga-site", commit: "77ab3e01c", version: "2.0.0" });
  pipeline.release("dga-site", site, "scratch");
  narrator.tell(`Jenkins moves the tag scratch of dga-site to ${shortDigest(site)}`);
  await untilLive(ticker, organisation.area("scratch"), { image: "dga-site", digest: site });
  pipeline.release("dga-site", site, "staging");
  pipeline.release("dga-network", network, "staging");
  narrator.tell("Jenkins moves the tags staging to the same digests; the site waits for the network");
  await untilLive(ticker, organisation.area("staging"), { image: "dga-site", digest: site });
  return site;
}

async function breakAndFix({ organisation, clock, narrator, ticker }: StoryTools, site: string): Promise<string> {
  narrator.chapter("A broken release, and its fix");
  const { pipeline } = organisation;
  const scratch = organisation.area("scratch");
  const broken = await pipeline.build({ image: "dga-site", commit: "bad5eed00", version: "2.1.0", broken: true });
  pipeline.release("dga-site", broken, "scratch");
  narrator.tell(`Jenkins moves the tag scratch of dga-site to ${shortDigest(broken)}, which can not be applied`);
  await ticker.until(() => hasEnded(scratch, broken, ["failed"]), "the failure of the broken release");
  narrator.tell("scratch: the mapping allows one retry, a minute later");
  clock.moveTo(new Date(clock.now() + RETRY_MS));
  await ticker.until(() => hasEnded(scratch, broken, ["failed", "failed"]), "the failure of its retry");
  await expectLive(scratch, { image: "dga-site", digest: site });
  narrator.tell(`scratch: dga-site ${shortDigest(site)} stays live, and the broken digest is not tried again`);
  const fixed = await pipeline.build({ image: "dga-site", commit: "c0ffee123", version: "2.1.1" });
  pipeline.release("dga-site", fixed, "scratch");
  narrator.tell(`Jenkins moves the tag scratch of dga-site to ${shortDigest(fixed)}, the fix`);
  await untilLive(ticker, scratch, { image: "dga-site", digest: fixed });
  return fixed;
}

async function loseInstance({ organisation, clock, narrator, ticker }: StoryTools, fixed: string): Promise<void> {
  narrator.chapter("A deploy instance dies while it plans");
  const staging = organisation.area("staging");
  organisation.pipeline.release("dga-site", fixed, "staging");
  narrator.tell(`Jenkins moves the tag staging of dga-site to ${shortDigest(fixed)}`);
  const instance = await untilPlanning(ticker, staging, fixed);
  staging.breakInstance(instance);
  narrator.stress(`staging: the hardware under ${instance} fails`, "bad");
  await ticker.until(() => hasEnded(staging, fixed, ["lost"]), "the loss of the deployment");
  narrator.tell("staging: nothing had been applied yet, so it is tried again a minute later");
  clock.moveTo(new Date(clock.now() + RETRY_MS));
  await untilLive(ticker, staging, { image: "dga-site", digest: fixed });
}

interface Pair {
  readonly network: string;
  readonly site: string;
}

async function openProduction(
  { organisation, clock, narrator, ticker }: StoryTools,
  { network, site }: Pair,
): Promise<void> {
  narrator.chapter("Production waits for its window, then deploys in order");
  const production = organisation.area("production");
  organisation.pipeline.release("dga-site", site, "production");
  organisation.pipeline.release("dga-network", network, "production");
  narrator.tell("Jenkins moves the tags production of both images");
  const { waiting } = await production.tick({});
  for (const { image, reason } of waiting) narrator.tell(`production: ${image} ${reason}`);
  if (!waiting.some(({ reason }) => reason.includes("window opens"))) {
    throw new Error("production did not wait for its window");
  }
  clock.moveTo(WINDOW_OPENS);
  narrator.tell("It is nine o'clock in Sydney");
  await untilLive(ticker, production, { image: "dga-site", digest: site });
  await expectLive(production, { image: "dga-network", digest: network });
}

async function refreshApplication({ organisation, clock, narrator, ticker }: StoryTools): Promise<void> {
  narrator.chapter("An application image rolls out by instance refresh");
  const production = organisation.area("production");
  const web = await organisation.pipeline.build({ image: "dga-web", commit: "cc83ec5f0", version: "5.4.0" });
  organisation.pipeline.release("dga-web", web, "production");
  narrator.tell(`Jenkins moves the tag production of dga-web to ${shortDigest(web)}`);
  const image = "dga-web";
  await ticker.until(async () => {
    // No deploy instance runs now, so the time that instances take to warm up can be skipped.
    clock.moveTo(new Date(clock.now() + WARM_UP_MS));
    return (await liveDigest(production, image)) === web;
  }, "the roll-out of dga-web");
}

interface Expected {
  readonly image: string;
  readonly digest: string;
}

async function untilLive(ticker: Ticker, area: AreaSite, { image, digest }: Expected): Promise<void> {
  await ticker.until(
    async () => (await liveDigest(area, image)) === digest,
    `${image} ${shortDigest(digest)} being live in ${area.name}`,
  );
}

async function expectLive(area: AreaSite, { image, digest }: Expected): Promise<void> {
  const live = await liveDigest(area, image);
  if (live !== digest) throw new Error(`expected ${image} ${digest} live in ${area.name}, found ${live}`);
}

async function hasEnded(area: AreaSite, digest: string, outcomes: readonly string[]): Promise<boolean> {
  const deployments = await area.deployments();
  const ended = deployments.filter((one) => one.digest === digest && one.endedAt !== null).map(({ state }) => state);
  return ended.length === outcomes.length && ended.every((state, index) => state === outcomes[index]);
}

/** The instance that plans a deployment of that digest. It plans for a moment only, so its lease is read all the time. */
async function untilPlanning(ticker: Ticker, area: AreaSite, digest: string): Promise<string> {
  let launched: DeploymentId | undefined;
  await ticker.until(async () => {
    const going = (await area.deployments()).find((one) => one.digest === digest && one.launchedAt !== null);
    launched = going?.id;
    return launched !== undefined;
  }, "the launch of a deployment");
  for (const end = performance.now() + PLANNING_PATIENCE_MS; performance.now() < end; await wait(5)) {
    if (launched === undefined) break;
    const run = await area.store.readRun(launched);
    if (run.kind === "run" && run.lease.kind === "present" && run.lease.value.phase === "planning") {
      return run.lease.value.instance;
    }
  }
  throw new Error(`the deploy instance of ${area.name} did not begin to plan`);
}
