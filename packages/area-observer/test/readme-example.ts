import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { ECRClient } from "@aws-sdk/client-ecr";
import { S3Client } from "@aws-sdk/client-s3";
import { parseMapping, sliceForArea } from "@windlass/account-mapping";
import { observeArea, withLedgerHeads } from "@windlass/area-observer";
import { createDeployGroup, createInstanceRefresher } from "@windlass/asg-orchestrator";
import { emptyLedger, planTick } from "@windlass/deployment";
import { createHeadReader } from "@windlass/ecr-tag-diff";
import { createLedgerStore } from "@windlass/ledger-store";
import { createSandbox } from "@windlass/sandbox";

const mapping = parseMapping(`
version: 1
workload: dataGov
registry: { account: "111111111111", region: ap-southeast-2 }
areas:
  scratch: { branch: Develop, account: "222222222222" }
images:
  dga-network: { kind: terraform }
`);
const slice = sliceForArea(mapping, "scratch");
const sandbox = createSandbox();
sandbox.account("111111111111").ecr().createRepository("dga-network");
sandbox.account("222222222222").s3.createBucket("state");
sandbox.account("222222222222").autoScaling().createGroup("windlass-deploy", { min: 0, max: 1 });

const settings = sandbox.clientConfig({ account: "222222222222", role: "operator" });
const heads = withLedgerHeads(createHeadReader({ client: new ECRClient(settings), registryId: "111111111111" }));
const client = new AutoScalingClient(settings);
const ports = {
  store: createLedgerStore({ client: new S3Client(settings), bucket: "state" }),
  heads: heads.reader,
  group: createDeployGroup({ client, group: "windlass-deploy" }),
  refresher: createInstanceRefresher({ client }),
};

const now = new Date("2026-11-24T09:00:00Z");
const ledger = emptyLedger({ workload: "dataGov", area: "scratch", account: "222222222222" }, now);
const { observation } = await observeArea(ports, { ledger, slice, now, signal: AbortSignal.timeout(60_000) });

export const { actions } = planTick(ledger, observation, slice, now);
// []

export const fromLedger = heads.taken();
// ["dga-network"]: the repository's policy lets nobody of that account look
