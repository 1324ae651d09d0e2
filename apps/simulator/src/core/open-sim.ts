import { createSandbox } from "@windlass/sandbox";
import { createWindowOracle } from "../checks/window-oracle.ts";
import { useVirtualTime } from "../determinism/virtual-globals.ts";
import {
  ACCOUNT,
  AREA,
  BUCKET,
  CONFIG_BUCKET,
  DEPLOY_GROUP,
  REGION,
  REGISTRY_ACCOUNT,
  TOPICS,
} from "../world/names.ts";
import { createTruth } from "../world/truth.ts";
import { createChaos } from "./chaos.ts";
import { createRandom } from "./random.ts";
import { groupOf, type Scenario } from "./scenario.ts";
import { createScheduler } from "./scheduler.ts";
import type { Sim } from "./sim.ts";
import { createTrace } from "./trace.ts";
import { createTransport, type TransportParts } from "./transport.ts";
import { createChecks } from "./violation.ts";

type Hooks = Pick<TransportParts, "afterCall" | "beforeCall"> & { readonly wake: () => void };

/** An empty area in a sandbox of its own, all of whose time and chance are the seed's. */
export function openSim(scenario: Scenario, options: { readonly whole: boolean; readonly hooks: Hooks }): Sim {
  const { hooks, whole } = options;
  const random = createRandom(scenario.seed);
  const scheduler = createScheduler(scenario.startMs);
  const chance = random.fork("globals");
  useVirtualTime({ now: scheduler.now, schedule: scheduler.schedule, random: () => chance.next() });
  const sandbox = createSandbox({ clock: scheduler, region: REGION, seed: scenario.seed });
  const trace = createTrace({ whole });
  const tell = (what: string) => trace.tell(scheduler.now(), what);
  const chaos = createChaos(scenario.rates, random.fork("chaos"), tell);
  const transport = createTransport({
    sandbox,
    scheduler,
    random: random.fork("transport"),
    chaos,
    account: ACCOUNT,
    tell,
    ...hooks,
  });
  const sim: Sim = {
    scenario,
    random: random.fork("actors"),
    scheduler,
    chaos,
    trace,
    checks: createChecks(() => ({ at: scheduler.now(), step: scheduler.steps() })),
    sandbox,
    own: sandbox.account(ACCOUNT),
    registry: sandbox.account(REGISTRY_ACCOUNT).ecr(REGION),
    transport,
    truth: createTruth(scenario.images),
    window: createWindowOracle(scenario),
    stats: { calls: 0, deployments: 0, refreshes: 0, ticks: 0, idleTicks: 0, failedTicks: 0, runners: 0, applies: 0 },
    tell,
    wake: hooks.wake,
  };
  furnish(sim);
  return sim;
}

/** What the area's stack makes. */
function furnish({ own, registry, scenario }: Sim): void {
  const ec2 = own.ec2(REGION);
  const scaling = own.autoScaling(REGION);
  own.s3.createBucket(BUCKET, { versioning: false });
  own.s3.createBucket(CONFIG_BUCKET);
  ec2.createLaunchTemplate("deploy", { metadataTags: true, shutdownBehavior: "terminate" });
  scaling.createGroup(DEPLOY_GROUP, { min: 0, max: 1, launchTemplate: "deploy" });
  for (const topic of TOPICS) own.sns(REGION).createTopic(topic);
  for (const { name, kind } of scenario.images) {
    registry.createRepository(name);
    registry.setPolicy(name, {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
          Action: ["ecr:BatchGetImage", "ecr:DescribeImages", "ecr:GetDownloadUrlForLayer"],
        },
      ],
    });
    if (kind === "instance-refresh")
      scaling.createGroup(groupOf(name), { min: 0, max: 2, desired: 1, tags: { area: AREA } });
  }
}
