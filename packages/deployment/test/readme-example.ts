import { parseMapping, sliceForArea } from "@windlass/account-mapping";
import { describeReason, emptyLedger, type Observation, parseImageDigest, planTick } from "@windlass/deployment";

const mapping = parseMapping(`
version: 1
workload: dataGov
registry: { account: "111111111111", region: ap-southeast-2 }
areas:
  production: { branch: Production, account: "444444444444", window: { timezone: Australia/Sydney } }
images:
  dga-network: { kind: terraform }
`);
const slice = sliceForArea(mapping, "production");
const now = new Date("2026-11-23T21:40:00Z");
const ledger = emptyLedger({ workload: "dataGov", area: "production", account: "444444444444" }, now);

const digest = parseImageDigest(`sha256:${"0a".repeat(32)}`);
const observation: Observation = {
  heads: { "dga-network": { kind: "head", head: { digest, commit: "cc83ec5", pushedAt: null } } },
  group: { kind: "group", desired: 0, instances: [], suspendedProcesses: [], deploymentTag: null },
  controls: { kind: "controls", controls: [] },
  runs: {},
  instances: {},
  launchFailures: [],
  groups: {},
  refreshes: {},
};

const plan = planTick(ledger, observation, slice, now);

export const reasons = Object.values(plan.reasons).map(describeReason);
// ["waiting: window opens 2026-11-24T09:00+11:00"]
