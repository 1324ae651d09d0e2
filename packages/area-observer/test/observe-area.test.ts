import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { ECRClient } from "@aws-sdk/client-ecr";
import { S3Client } from "@aws-sdk/client-s3";
import { parseMapping, sliceForArea } from "@windlass/account-mapping";
import { createDeployGroup, createInstanceRefresher } from "@windlass/asg-orchestrator";
import { emptyLedger, type Head, type Ledger, planTick } from "@windlass/deployment";
import { createHeadReader } from "@windlass/ecr-tag-diff";
import { createLedgerStore } from "@windlass/ledger-store";
import { createSandbox, type FaultSubject, virtualClock } from "@windlass/sandbox";
import { describe, expect, it } from "vitest";
import { type AreaPorts, createLedgerHeads, observeArea, withLedgerHeads } from "../src/index.ts";

const pipeline = "111111111111";
const account = "222222222222";
const bucket = "windlass-state";
const group = "windlass-deploy";
const scope = { workload: "dataGov", area: "scratch", account };
const slice = sliceForArea(
  parseMapping(`
version: 1
workload: dataGov
registry: { account: "${pipeline}", region: ap-southeast-2 }
areas:
  scratch: { branch: Develop, account: "${account}", window: { days: MON-SUN, hours: "00:00-24:00" } }
images:
  dga-network: { kind: terraform }
  dga-web: { kind: instance-refresh, groups: [dga-web-asg] }
`),
  "scratch",
);

/** An area, and the ports of a caller with that role; the registry lets only the area's Lambda look. */
function openArea({ role = "windlass-lambda" } = {}) {
  const clock = virtualClock(Date.UTC(2026, 10, 24, 2));
  const sandbox = createSandbox({ clock });
  const own = sandbox.account(account);
  const registry = sandbox.account(pipeline).ecr();
  own.s3.createBucket(bucket);
  own.autoScaling().createGroup(group, { min: 0, max: 1 });
  own.autoScaling().createGroup("dga-web-asg", { min: 1, max: 2, desired: 1 });
  for (const image of Object.keys(slice.images)) {
    registry.createRepository(image);
    registry.setPolicy(image, {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { AWS: `arn:aws:iam::${account}:root` },
          Action: ["ecr:BatchGetImage", "ecr:DescribeImages", "ecr:GetDownloadUrlForLayer"],
          Condition: { ArnEquals: { "aws:PrincipalArn": `arn:aws:iam::${account}:role/windlass-lambda` } },
        },
      ],
    });
  }
  const settings = { ...sandbox.clientConfig({ account, role, session: "test" }), maxAttempts: 1 };
  const client = new AutoScalingClient(settings);
  const ports: AreaPorts = {
    store: createLedgerStore({ client: new S3Client(settings), bucket }),
    heads: createHeadReader({ client: new ECRClient(settings), registryId: pipeline, fetch: sandbox.fetch }),
    group: createDeployGroup({ client, group }),
    refresher: createInstanceRefresher({ client }),
  };
  const now = () => new Date(clock.now());
  const observe = (ledger: Ledger, change: Partial<AreaPorts> = {}) =>
    observeArea({ ...ports, ...change }, { ledger, slice, now: now(), signal: new AbortController().signal });
  const push = (image: string) => registry.pushImage({ repository: image, tags: ["scratch", `git_${"a".repeat(40)}`] });
  return { sandbox, clock, now, ports, observe, push };
}

const reads = (counts: Record<string, number>) => Object.fromEntries(Object.entries(counts).toSorted());

describe("observeArea", () => {
  it("looks at heads, group and controls, and at nothing else, where nothing is under way", async () => {
    const { sandbox, observe, now } = openArea();

    const { observation, notes } = await observe(emptyLedger(scope, now()));

    expect(reads(sandbox.calls.count())).toEqual({
      "autoscaling:DescribeAutoScalingGroups": 1,
      "ecr:BatchGetImage": 2,
      "s3:ListObjectsV2": 1,
    });
    expect(observation).toMatchObject({
      heads: { "dga-network": { kind: "absent", missing: "tag" }, "dga-web": { kind: "absent", missing: "tag" } },
      group: { kind: "group", desired: 0, instances: [] },
      controls: { kind: "controls", controls: [] },
      runs: {},
      instances: {},
      launchFailures: [],
      refreshes: {},
    });
    expect(notes).toEqual([]);
  });

  it("looks at what is under way: the run and the launch, and the groups that a refresh is to start in", async () => {
    const { clock, observe, push, now } = openArea();
    push("dga-network");
    push("dga-web");
    const first = await observe(emptyLedger(scope, now()));
    expect(first.observation.groups).toEqual({ "dga-web": { kind: "groups", names: ["dga-web-asg"] } });
    expect(first.observation.refreshes).toEqual({
      "dga-web-asg": { kind: "refreshes", refreshes: [], imageTags: {} },
    });
    const { ledger, launched } = planTick(emptyLedger(scope, now()), first.observation, slice, now());
    await clock.advance(60_000);

    const { observation } = await observe(ledger);

    const terraform = launched.find((id) => ledger.deployments[id]?.kind === "terraform");
    expect(Object.keys(observation.runs)).toEqual([terraform]);
    expect(observation.launchFailures).toEqual([]);
  });

  it("makes a note of launch failures that can not be read, and goes on", async () => {
    const { sandbox, observe, push, now } = openArea();
    push("dga-network");
    const first = await observe(emptyLedger(scope, now()));
    const { ledger } = planTick(emptyLedger(scope, now()), first.observation, slice, now());
    sandbox.faults.add({ kind: "error-before", service: "autoscaling", action: "DescribeScalingActivities" });

    const { observation, notes } = await observe(ledger);

    expect(observation.launchFailures).toEqual([]);
    expect(notes).toMatchObject([{ code: "launch-failures-unreadable", image: null }]);
  });

  it("tells of what can not be read as unreadable", async () => {
    const { sandbox, observe, now } = openArea();
    for (const service of ["s3", "autoscaling"]) sandbox.faults.add({ kind: "error-before", service });

    const { observation } = await observe(emptyLedger(scope, now()));

    expect(observation.group.kind).toBe("unreadable");
    expect(observation.controls.kind).toBe("unreadable");
  });
});

describe("heads of the ledger", () => {
  const head: Head = { digest: `sha256:${"b".repeat(64)}` as Head["digest"], commit: null, pushedAt: null };

  function ledgerWithHead(now: Date): Ledger {
    const record = { ...NOTHING, head };
    return { ...emptyLedger(scope, now), images: { "dga-network": record } };
  }

  it("stand in where the registry does not let the caller look, and nowhere else", async () => {
    const { ports, observe, now, push } = openArea({ role: "operator" });
    push("dga-network");
    const heads = withLedgerHeads(ports.heads);

    const { observation } = await observe(ledgerWithHead(now()), { heads: heads.reader });

    expect(observation.heads).toEqual({
      "dga-network": { kind: "head", head },
      "dga-web": { kind: "absent", missing: "tag" },
    });
    expect(heads.taken()).toEqual(["dga-network", "dga-web"]);
  });

  it("do not stand in for a registry that answers, or that fails", async () => {
    const { ports, sandbox, observe, now, push } = openArea();
    const digest = push("dga-network");
    const heads = withLedgerHeads(ports.heads);
    sandbox.faults.add({ kind: "error-before", service: "ecr", match: isOfWeb });

    const { observation } = await observe(ledgerWithHead(now()), { heads: heads.reader });

    expect(observation.heads).toMatchObject({
      "dga-network": { kind: "head", head: { digest } },
      "dga-web": { kind: "unreadable", code: "registry-unavailable" },
    });
    expect(heads.taken()).toEqual([]);
  });

  it("can be taken without asking the registry", async () => {
    const { sandbox, observe, now } = openArea({ role: "operator" });
    const heads = createLedgerHeads();

    const { observation } = await observe(ledgerWithHead(now()), { heads: heads.reader });

    expect(observation.heads["dga-network"]).toEqual({ kind: "head", head });
    expect(observation.heads["dga-web"]).toEqual({ kind: "absent", missing: "tag" });
    expect(heads.taken()).toEqual(["dga-network", "dga-web"]);
    expect(sandbox.calls.count()).not.toHaveProperty("ecr:BatchGetImage");
  });
});

const NOTHING = {
  live: null,
  previous: null,
  hold: null,
  block: null,
  attempts: null,
  disturbed: null,
  dead: [],
  leaving: [],
  deployNow: null,
  shown: null,
};

const isOfWeb = ({ input }: FaultSubject) => input["repositoryName"] === "dga-web";
