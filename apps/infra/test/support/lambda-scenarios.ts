import { account, deployGroup, lambdaRole, region } from "../../../deploy-lambda/test/support/names.ts";
import { openReportingArea, type ReportingArea } from "../../../deploy-lambda/test/support/reporting-area.ts";
import { bootedRunner, runToEnd } from "../../../deploy-lambda/test/support/runner.ts";
import { type RecordedCall, recordCalls } from "./recorded-calls.ts";

export const WEB_GROUP = "dga-web-asg";
const MINUTE = 60_000;

const images = {
  "dga-network": { kind: "terraform" },
  "dga-site": { kind: "terraform" },
  "dga-web": { kind: "instance-refresh", groups: [WEB_GROUP] },
};
const topic = (name: string) => `arn:aws:sns:${region}:${account}:windlass-${name}`;

/** What the deploy Lambda lives through, one area for each; every call that it has a permission for is made in one. */
const SCENARIOS: readonly ((area: ReportingArea) => Promise<void>)[] = [
  async function succeedsThenFails(area) {
    await deploy(area);
    await deploy(area, {
      outcome: "failed",
      exitCode: 1,
      failure: { code: "terraform-failed", message: "no", hint: null },
    });
  },
  async function readsCommitFromLabel(area) {
    const labels = { "org.opencontainers.image.revision": "c".repeat(40) };
    for (const repository of Object.keys(images)) area.registry.pushImage({ repository, tags: ["scratch"], labels });
    await ticks(area, 2);
  },
  async function losesTheReplyOfAnAssignment(area) {
    const match = ({ input }: { readonly input: Readonly<Record<string, unknown>> }) =>
      String(input["Key"]).endsWith("assignment.json");
    area.sandbox.faults.add({ service: "s3", kind: "error-after", times: 1, match });
    await deploy(area);
  },
  async function findsNoCapacity(area) {
    area.group.failLaunches({ code: "InsufficientInstanceCapacity", times: Number.POSITIVE_INFINITY });
    area.release("dga-network");
    await ticks(area, 5);
  },
  async function closesWhatNobodyClaims(area) {
    await launch(area);
    await ticks(area, 13);
  },
  async function endsRunnerThatIsCutOff(area) {
    const runner = await launch(area);
    await runner.claim();
    await runner.phase("applying");
    await ticks(area, 9);
    await area.control({ kind: "unblock", image: "dga-network" });
    await ticks(area, 2);
  },
  async function findsTheInstanceGoneAlready(area) {
    const runner = await launch(area);
    await runner.claim();
    await runner.phase("planning");
    await area.nextTick();
    area.ec2.interrupt(runner.instance);
    await ticks(area, 12);
  },
  async function asksRunnerToStop(area) {
    const runner = await launch(area);
    await runner.claim();
    await runner.phase("planning");
    await area.nextTick();
    await area.control({ kind: "cancel", image: "dga-network", deployment: null });
    await ticks(area, 2);
  },
  async function rollsBackAnApplication(area) {
    area.release("dga-web");
    await ticks(area, 15);
    area.group.failRefresh(WEB_GROUP, { atPercentage: 50, reason: "unhealthy" });
    area.release("dga-web");
    await ticks(area, 20);
  },
  async function cancelsRefresh(area) {
    area.group.stallRefresh(WEB_GROUP);
    area.release("dga-web");
    await ticks(area, 2);
    await area.control({ kind: "cancel", image: "dga-web", deployment: null });
    await ticks(area, 3);
  },
  async function tellsOfWhatIsInTheHistoryOnly(area) {
    area.sandbox.faults.add({ service: "sns", kind: "error-before", status: 500, code: "InternalError" });
    await deploy(area);
    await ticks(area, 5);
  },
];

/** Every call of the deploy Lambda in all scenarios. */
export async function playLambda(): Promise<readonly RecordedCall[]> {
  const calls = SCENARIOS.map(async (play) => {
    const env = {
      WINDLASS_TOPIC_START: topic("start"),
      WINDLASS_TOPIC_FINISHED: topic("finished"),
      WINDLASS_TOPIC_ERROR: topic("error"),
    };
    const area = openReportingArea({ images, env });
    for (const name of ["start", "finished", "error"]) area.sns.createTopic(`windlass-${name}`);
    area.group.createGroup(WEB_GROUP, { min: 2, max: 3, desired: 2 });
    await area.clock.advance(MINUTE);
    await play(area);
    const own = area.sandbox.calls.entries.filter(({ role }) => role === lambdaRole);
    return recordCalls(own, { account, region, deployGroup });
  });
  return (await Promise.all(calls)).flat();
}

async function deploy(area: ReportingArea, change: Parameters<typeof runToEnd>[1] = {}): Promise<void> {
  area.release("dga-network");
  await area.nextTick();
  await area.clock.advance(MINUTE);
  await runToEnd(area, change);
  await ticks(area, 2);
}

async function launch(area: ReportingArea): ReturnType<typeof bootedRunner> {
  area.release("dga-network");
  await area.nextTick();
  await area.clock.advance(MINUTE);
  return await bootedRunner(area);
}

/** A tick that fails is part of some scenarios. */
async function ticks(area: ReportingArea, count: number): Promise<void> {
  for (let tick = 0; tick < count; tick += 1) await area.nextTick().catch(() => null);
}
