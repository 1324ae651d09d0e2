import {
  type Assignment,
  type Cancel,
  type Claim,
  type Control,
  type Deployment,
  type DeploymentId,
  deploymentIdSchema,
  emptyLedger,
  type Instant,
  type Lease,
  type Ledger,
  type LedgerScope,
  parseImageDigest,
  type Result,
} from "@windlass/deployment";

export const scope: LedgerScope = { workload: "dataGov", area: "scratch", account: "222222222222" };
export const at = "2026-11-24T09:00:00.000Z" as Instant;
export const digest = parseImageDigest(`sha256:${"a".repeat(64)}`);
export const run = idOf("20261124t090000z-1");
export const otherRun = idOf("20261124t090500z-2");

export function idOf(text: string): DeploymentId {
  return deploymentIdSchema.parse(text);
}

export function aLedger(change: Partial<Ledger> = {}): Ledger {
  return { ...emptyLedger(scope, new Date(at)), ...change };
}

export function aClaim(change: { nonce?: string; instance?: string } = {}): Claim {
  return { schema: 1, deployment: run, epoch: 1, holder: "runner", instance: "i-1", nonce: "n-1", at, ...change };
}

export function aLease(change: Partial<Lease> = {}): Lease {
  return {
    schema: 1,
    deployment: run,
    epoch: 1,
    instance: "i-1",
    nonce: "n-1",
    phase: "applying",
    progress: "3/40",
    at,
    ...change,
  };
}

export function aResult(change: Partial<Result> = {}): Result {
  return {
    schema: 1,
    deployment: run,
    epoch: 1,
    instance: "i-1",
    nonce: "n-1",
    outcome: "succeeded",
    exitCode: 0,
    digest,
    plan: { add: 1, change: 0, destroy: 0 },
    failure: null,
    steps: [{ step: "apply", exitCode: 0, seconds: 1.5 }],
    brokenLock: null,
    notes: [],
    startedAt: at,
    endedAt: at,
    ...change,
  };
}

export function anAssignment(change: Partial<Assignment> = {}): Assignment {
  return {
    schema: 1,
    deployment: run,
    epoch: 1,
    workload: "dataGov",
    area: "scratch",
    account: "222222222222",
    region: "ap-southeast-2",
    image: "dga-network",
    kind: "terraform",
    digest,
    commit: null,
    registry: { account: "111111111111", region: "ap-southeast-2" },
    repository: "dga-network",
    timeoutSeconds: 2700,
    state: "managed",
    entrypoint: null,
    variables: { greeting: "grüezi" },
    branch: "Develop",
    github: { organization: "AusDTO", repository: "dga-network" },
    expectsState: false,
    confirmedDead: [],
    decidedAt: at,
    ...change,
  };
}

export function aCancel(change: Partial<Cancel> = {}): Cancel {
  return { schema: 1, deployment: run, by: "kim", reason: "wrong branch", at, ...change };
}

export function aControl(change: { id?: string; at?: string; reason?: string } = {}): Control {
  const { id = "c-1", at: asked = at, reason = "again" } = change;
  return {
    schema: 1,
    kind: "retry",
    deployment: null,
    id,
    image: "dga-network",
    by: "kim",
    reason,
    at: asked as Instant,
  };
}

export function aDeployment(id: DeploymentId = run, change: Partial<Deployment> = {}): Deployment {
  return {
    id,
    epoch: Number(id.split("-")[1]),
    image: "dga-network",
    kind: "terraform",
    digest,
    commit: "cc83ec5",
    pushedAt: at,
    attempt: 1,
    state: "succeeded",
    waitingSince: at,
    launchedAt: at,
    startedBy: null,
    holder: { instance: "i-1", nonce: "n-1", at },
    phase: "saving",
    progress: null,
    closing: null,
    instanceSeen: true,
    leaseExpiredSince: null,
    endingSince: null,
    instanceUnknownSince: null,
    cancel: null,
    refresh: null,
    endedAt: at,
    exitCode: 0,
    plan: { add: 1, change: 0, destroy: 0 },
    failure: null,
    noop: false,
    brokenLock: null,
    notes: [],
    ...change,
  };
}
