import { ECRClient } from "@aws-sdk/client-ecr";
import { STSClient } from "@aws-sdk/client-sts";
import { createImageAccess } from "@windlass/ecr-tag-diff";
import { createApplyRole } from "../../../deploy-runner/src/credentials/apply-role.ts";
import { ACCOUNT, anAssignment, DEPLOYMENT, GROUP, REGION } from "../../../deploy-runner/test/support/records.ts";
import { openWorld, type World } from "../../../deploy-runner/test/support/world.ts";
import { type RecordedCall, recordCalls } from "./recorded-calls.ts";

const ROLE = "deploy-instance";
const PIPELINE = "111111111111";
const instance = { account: ACCOUNT, role: ROLE, region: REGION };

/** What the program on a deploy instance lives through. */
const SCENARIOS: readonly ((world: World) => Promise<void>)[] = [
  async function deploys(world) {
    await world.end(world.run());
  },
  async function isAskedToStop(world) {
    await world.store.putCancel({
      schema: 1,
      deployment: anAssignment().deployment,
      by: "kim",
      reason: "a test",
      at: anAssignment().decidedAt,
    });
    await world.end(world.run());
  },
  async function losesTheClaim(world) {
    const first = world.run();
    await world.pass(5);
    await world.end(world.run({ settings: { nonce: "another" } }));
    await world.end(first);
  },
  ...["claim.json", "lease.json", "result.json"].map(
    (record) =>
      async function losesReplies(world: World) {
        const match = ({ input }: { readonly input: Readonly<Record<string, unknown>> }) =>
          String(input["Key"]).endsWith(record);
        world.sandbox.faults.add({ service: "s3", kind: "error-after", times: 2, match });
        await world.end(world.run());
      },
  ),
  async function canNotLeave(world) {
    world.sandbox.faults.add({
      service: "autoscaling",
      action: "TerminateInstanceInAutoScalingGroup",
      kind: "error-before",
      status: 500,
      code: "InternalFailure",
    });
    await world.end(world.run());
  },
  async function isGoneFromTheGroup(world) {
    const run = world.run();
    await world.pass(30);
    await world.group.terminate(world.instance);
    await world.end(run);
  },
  pullsAndAssumes,
];

/** Every call of the deploy instance in all scenarios. */
export async function playRunner(): Promise<readonly RecordedCall[]> {
  const calls = SCENARIOS.map(async (play) => {
    const world = await openWorld();
    await play(world);
    const own = world.sandbox.calls.entries.filter(({ role }) => role === ROLE);
    return recordCalls(own, { account: ACCOUNT, region: REGION, deployGroup: GROUP });
  });
  return (await Promise.all(calls)).flat();
}

/** What comes before a container runs: the image is looked for, and Terraform's role assumed. */
async function pullsAndAssumes({ sandbox }: World): Promise<void> {
  const registry = sandbox.account(PIPELINE).ecr(REGION);
  for (const repository of ["dga-network", "dga-site"]) {
    registry.createRepository(repository);
    registry.setPolicy(repository, {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { AWS: ACCOUNT }, Action: "ecr:BatchGetImage" }],
    });
    const digest = registry.pushImage({ repository });
    const images = createImageAccess({ client: new ECRClient(sandbox.clientConfig(instance)), registryId: PIPELINE });
    await images.find({ repository, digest: anAssignment({ digest }).digest });
    await images.login();
  }
  const arn = `arn:aws:iam::${ACCOUNT}:role/windlass-apply`;
  const log = { info() {}, warn() {}, error() {} };
  const client = new STSClient(sandbox.clientConfig(instance));
  await createApplyRole({ client, arn, session: DEPLOYMENT, policy: "{}", log, now: () => 0 }).credentials();
}
