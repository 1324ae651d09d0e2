/** One valid record of each kind; all of them of one run. */
export const RUN = "20261124t090000z-7";
export const SCOPE = { workload: "dataGov", area: "scratch", account: "222222222222" };

const at = "2026-11-24T09:00:00.000Z";
const digest = `sha256:${"a".repeat(64)}`;
const other = `sha256:${"b".repeat(64)}`;
const holder = { schema: 1, deployment: RUN, epoch: 7, nonce: "n-1" };
const failure = { code: "apply-failed", message: "it said no", hint: null };
const request = { control: "c-1", by: "kim", reason: "urgent", at };
const common = { schema: 1, id: "c-1", image: "dga-network", by: "kim", reason: "again", at };

export const ASSIGNMENT = {
  schema: 1,
  deployment: RUN,
  epoch: 7,
  ...SCOPE,
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
  confirmedDead: ["20261123t090000z-3"],
  decidedAt: at,
};
export const CLAIMS = [
  { ...holder, holder: "runner", instance: "i-1", at },
  { ...holder, holder: "lambda", instance: null, at },
] as const;
export const LEASE = { ...holder, instance: "i-1", phase: "applying", progress: "3/40", at };
export const RESULTS = [
  {
    ...holder,
    instance: "i-1",
    outcome: "succeeded",
    exitCode: 0,
    digest,
    plan: { add: 1, change: 0, destroy: 0 },
    failure: null,
    steps: [{ step: "apply", exitCode: 0, seconds: 1.5 }],
    brokenLock: null,
    notes: ["a note"],
    startedAt: at,
    endedAt: at,
  },
  {
    ...holder,
    instance: "i-1",
    outcome: "state-unsaved",
    exitCode: 1,
    digest,
    plan: null,
    failure,
    steps: [],
    brokenLock: { id: "l-1", holder: "20261123t090000z-3", created: null },
    notes: [],
    startedAt: at,
    endedAt: at,
  },
] as const;
export const CANCEL = { schema: 1, deployment: RUN, by: "kim", reason: "wrong branch", at };
export const CONTROLS = [
  { ...common, kind: "hold", digest, commit: "cc83ec5" },
  { ...common, kind: "hold", digest: null },
  { ...common, kind: "unhold" },
  { ...common, kind: "retry", deployment: RUN },
  { ...common, kind: "unblock" },
  { ...common, kind: "cancel", deployment: RUN },
  { ...common, kind: "deploy-now" },
  { schema: 1, id: "c-2", by: "kim", reason: "an incident", at, kind: "pause" },
  { schema: 1, id: "c-3", by: "kim", reason: "over", at, kind: "resume" },
] as const;

export const DEPLOYMENT = {
  id: RUN,
  epoch: 7,
  image: "dga-network",
  kind: "terraform",
  digest,
  commit: "cc83ec5",
  attempt: 1,
  state: "running",
  waitingSince: at,
  launchedAt: at,
  startedBy: null,
  holder: { instance: "i-1", nonce: "n-1", at },
  phase: "applying",
  progress: null,
  closing: null,
  instanceSeen: true,
  leaseExpiredSince: null,
  endingSince: null,
  instanceUnknownSince: null,
  cancel: null,
  refresh: null,
  endedAt: null,
  exitCode: null,
  plan: null,
  failure: null,
  noop: false,
  brokenLock: null,
  notes: [],
};
export const ENDED = { ...DEPLOYMENT, state: "succeeded", phase: "saving", endedAt: at, exitCode: 0 };

const REFRESHING = {
  ...DEPLOYMENT,
  id: "20261124t090000z-6",
  epoch: 6,
  image: "dga-web",
  kind: "instance-refresh",
  holder: null,
  phase: null,
  refresh: {
    stage: "rolling",
    previousDigest: other,
    failure: null,
    groups: {
      "dga-web-asg": { intentUntil: at, refreshId: "r-1", status: "InProgress", percentage: 50, reason: null },
    },
  },
};
const WAITING = {
  ...DEPLOYMENT,
  id: "20261124t090000z-5",
  epoch: 5,
  image: "dga-site",
  state: "waiting",
  launchedAt: null,
  holder: null,
  phase: null,
  instanceSeen: false,
};
const image = {
  head: { digest, commit: "cc83ec5", pushedAt: at },
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
const place = { shown: "running", id: 12, tried: true, trouble: null };

const EMPTY = {
  schema: 1,
  ...SCOPE,
  epoch: 0,
  images: {},
  deployments: {},
  appliedControls: {},
  strays: {},
  launchFailureSeen: null,
  reports: {},
  delivery: { until: null, writes: 100, at, pause: null },
  updatedAt: at,
};

export const LEDGERS = [
  EMPTY,
  {
    ...EMPTY,
    epoch: 7,
    images: {
      "dga-network": {
        ...image,
        live: { digest: other, commit: null, deployment: "20261123t090000z-3", at },
        attempts: {
          digest,
          failed: 1,
          interrupted: 0,
          cancelled: false,
          notBefore: at,
          last: { deployment: "20261123t090000z-4", outcome: "failed" },
        },
        dead: [{ deployment: "20261123t090000z-3", instance: "i-0", at }],
        leaving: [{ deployment: "20261123t090000z-3", instance: "i-1", since: at, unknownSince: null }],
        shown: { repository: "dga-network", issue: { number: 3, deployment: "20261123t090000z-4" }, active: null },
      },
      "dga-web": { ...image, hold: { digest: null, request }, deployNow: { digest, request } },
      "dga-site": { ...image, block: { deployment: "20261123t090000z-2", outcome: "unknown", at } },
    },
    deployments: { [RUN]: DEPLOYMENT, [REFRESHING.id]: REFRESHING, [WAITING.id]: WAITING },
    appliedControls: { "c-1": at },
    strays: { "i-9": at },
    reports: {
      [RUN]: {
        image: "dga-network",
        digest,
        commit: "cc83ec5",
        repository: "dga-network",
        stage: "running",
        at,
        launched: true,
        outcome: null,
        retryAt: null,
        sha: null,
        check: place,
        deployment: place,
        issue: null,
        topic: place,
      },
    },
    updatedAt: at,
  },
] as const;
