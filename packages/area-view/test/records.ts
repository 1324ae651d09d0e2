import { type AccountMapping, parseMapping, sliceForArea } from "@windlass/account-mapping";
import {
  type Deployment,
  type DeploymentId,
  emptyLedger,
  type ImageDigest,
  type Instant,
  type Ledger,
  type Live,
  type Request,
} from "@windlass/deployment";

/** 13:15 in Sydney on a Tuesday. */
export const NOW = new Date("2026-11-24T02:15:00.000Z");
export const AT = "2026-11-24T02:00:00.000Z" as Instant;
export const BUCKET = "windlass-state-222222222222-ap-southeast-2";

export function sliceOf(more = "github: { organization: AusDTO }", area = "scratch"): AccountMapping {
  const text = `
version: 1
workload: dataGov
registry: { account: "111111111111", region: ap-southeast-2 }
${more}
areas:
  ${area}: { branch: Develop, account: "222222222222", alias: sts, window: { days: MON-SUN, hours: "00:00-24:00" } }
images:
  dga-network: { kind: terraform }
  dga-site: { kind: terraform, after: [dga-network], github: dga-site-iac }
  dga-web: { kind: instance-refresh, groups: [dga-web-asg] }
`;
  return sliceForArea(parseMapping(text), area);
}

export const scope = { workload: "dataGov", area: "scratch", account: "222222222222" };

export function aLedger(change: Partial<Ledger> = {}): Ledger {
  return { ...emptyLedger(scope, new Date(AT)), ...change };
}

export function digest(letter: string): ImageDigest {
  return `sha256:${letter.repeat(64)}` as ImageDigest;
}

export function commit(letter: string): string {
  return letter.repeat(40);
}

export function idOf(epoch: number, stamp = "20261124t015500z"): DeploymentId {
  return `${stamp}-${epoch}` as DeploymentId;
}

export const request: Request = { control: "c-1", by: "kim", reason: "audit", at: AT };

export function aLive(letter: string, change: Partial<Live> = {}): Live {
  return { digest: digest(letter), commit: commit(letter), deployment: idOf(1), at: AT, ...change };
}

export function anImage(change: Partial<Ledger["images"][string]> = {}): Ledger["images"][string] {
  return {
    head: null,
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
    ...change,
  };
}

export function aDeployment(change: Partial<Deployment> = {}): Deployment {
  const id = change.id ?? idOf(change.epoch ?? 1);
  return {
    id,
    epoch: Number(id.split("-")[1]),
    image: "dga-network",
    kind: "terraform",
    digest: digest("a"),
    commit: commit("a"),
    pushedAt: "2026-11-24T01:50:00.000Z" as Instant,
    attempt: 1,
    state: "succeeded",
    waitingSince: AT,
    launchedAt: AT,
    startedBy: null,
    holder: null,
    phase: null,
    progress: null,
    closing: null,
    instanceSeen: true,
    leaseExpiredSince: null,
    endingSince: null,
    instanceUnknownSince: null,
    cancel: null,
    refresh: null,
    endedAt: "2026-11-24T02:02:30.000Z" as Instant,
    exitCode: 0,
    plan: { add: 1, change: 0, destroy: 0 },
    failure: null,
    noop: false,
    brokenLock: null,
    notes: [],
    ...change,
  };
}
