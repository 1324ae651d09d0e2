import { type AccountMapping, parseMapping, sliceForArea } from "@windlass/account-mapping";
import {
  DeploymentError,
  type Ledger,
  type Observation,
  parseLedger,
  planReads,
  planReports,
  planTick,
  serializeLedger,
} from "@windlass/deployment";
import { isSameJson, saysAllOf } from "../same-json.ts";
import { LEDGERS, SCOPE } from "../seeds/record-seeds.ts";
import { type FuzzTarget, promise, type Verdict } from "../target.ts";

const NOW = new Date("2026-11-24T09:05:00.000Z");
const SLICE = sliceForArea(
  parseMapping(`
version: 1
workload: dataGov
registry: { account: "111111111111", region: ap-southeast-2 }
areas: { scratch: { branch: Develop, account: "222222222222" } }
images:
  dga-network: { kind: terraform }
  dga-site: { kind: terraform, after: [dga-network] }
  dga-web: { kind: instance-refresh, groups: [dga-web-asg] }
`),
  "scratch",
);

/** `ledger.json`, and the decision that rests on what was read. */
export const ledgerTarget: FuzzTarget = {
  name: "ledger",
  seeds: [JSON.stringify(LEDGERS[0]), JSON.stringify(LEDGERS[1]), JSON.stringify(LEDGERS[1], null, 2)],
  shape: "text",
  guidedBy: "packages/deployment/",
  open: () => checkLedger,
};

function checkLedger(text: string): Verdict {
  let ledger: Ledger;
  try {
    ledger = parseLedger(text, SCOPE);
  } catch (error) {
    if (!(error instanceof DeploymentError)) throw error;
    promise((error.found ?? "").length < 4000 + text.length, "a refusal is of bounded length");
    return "refused";
  }
  promise(saysAllOf(ledger, JSON.parse(text)), "nothing of an accepted ledger is dropped or changed", text);
  promise(
    isSameJson(parseLedger(serializeLedger(ledger), SCOPE), ledger),
    "a ledger is read again from what is written",
  );
  for (const [id, deployment] of Object.entries(ledger.deployments)) {
    promise(deployment.id === id, "a deployment is listed under its own id", { id, own: deployment.id });
    promise(deployment.epoch <= ledger.epoch, "no deployment has an epoch that was not handed out", deployment.epoch);
  }
  decide(ledger, SLICE);
  return "accepted";
}

/** Whatever the ledger says, the tick has a decision, and what it decides can be committed and read again. */
function decide(ledger: Ledger, slice: AccountMapping): void {
  const before = serializeLedger(ledger);
  const { heads, group } = OBSERVED;
  const reads = planReads({ ledger, slice, heads, group, now: NOW });
  const observation: Observation = {
    ...OBSERVED,
    runs: Object.fromEntries(
      reads.runs.map((id) => [id, { kind: "run", claim: ABSENT, lease: ABSENT, result: ABSENT }]),
    ),
    instances: Object.fromEntries(reads.instances.map((id) => [id, { kind: "not-found" }])),
    groups: Object.fromEntries(reads.groupsOf.map((image) => [image, { kind: "groups", names: ["dga-web-asg"] }])),
    refreshes: Object.fromEntries(reads.refreshesOf.map((name) => [name, NO_REFRESHES])),
  };
  const plan = planTick(ledger, observation, slice, NOW);
  promise(serializeLedger(ledger) === before, "a tick changes nothing that was passed in");
  const reports = planReports(plan.ledger, { slice, sinks: { github: true, topics: true }, now: NOW });
  const text = serializeLedger(reports.ledger);
  promise(isSameJson(parseLedger(text, SCOPE), reports.ledger), "what a tick commits is a ledger", text);
}

const ABSENT = { kind: "absent" } as const;
const NO_REFRESHES = { kind: "refreshes", refreshes: [], imageTags: {} } as const;
const HEAD = { digest: `sha256:${"c".repeat(64)}`, commit: null, pushedAt: null } as unknown as NonNullable<
  Ledger["images"][string]["head"]
>;
const OBSERVED: Observation = {
  heads: {
    "dga-network": { kind: "head", head: HEAD },
    "dga-site": { kind: "absent", missing: "tag" },
    "dga-web": { kind: "head", head: HEAD },
  },
  group: { kind: "group", desired: 0, instances: [], suspendedProcesses: [], deploymentTag: null },
  controls: { kind: "controls", controls: [] },
  runs: {},
  instances: {},
  launchFailures: [],
  groups: {},
  refreshes: {},
};
