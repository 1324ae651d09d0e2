import { type DeploymentReport, deploymentId, parseImageDigest, toInstant } from "@windlass/deployment";
import { createGitHubNotifier, parseAppCredentials } from "@windlass/github-notifier";
import { createSandbox, virtualClock } from "@windlass/sandbox";

// A GitHub in this process; leave `apiUrl`, `fetch`, `now` and `pace` out for the real one.
const startedAt = new Date("2026-11-24T02:15:00Z");
const clock = virtualClock(startedAt.getTime());
const { github, fetch } = createSandbox({ clock });
const app = github.createApp();
const commit = "cc83ec5e6a1f0b7d2c4e8f9a0b1c2d3e4f5a6b7c";
const repository = github.createRepository("AusDTO", "dga-web", { commits: [commit] });
github.install(app, { owner: "AusDTO" });
const secret = JSON.stringify({ appId: String(app.id), privateKey: app.privateKey });
const now = () => new Date(clock.now());

const notifier = createGitHubNotifier({
  owner: "AusDTO",
  loadCredentials: async () => parseAppCredentials(secret, { where: "secret windlass/github-app", now }),
  apiUrl: github.apiUrl,
  fetch,
  now,
  pace: { writeMs: 0, notifyMs: 0, retryMs: 0 },
});

// `@windlass/deployment` makes reports from the ledger.
const report: DeploymentReport = {
  workload: "dataGov",
  area: "production",
  image: "dga-web",
  kind: "terraform",
  deployment: deploymentId(startedAt, 42),
  attempt: 1,
  digest: parseImageDigest(`sha256:${"1a2b".repeat(16)}`),
  commit,
  stage: "ended",
  outcome: "failed",
  waitingFor: null,
  startedAt: toInstant(startedAt),
  endedAt: toInstant(new Date("2026-11-24T02:17:30Z")),
  plan: { add: 3, change: 1, destroy: 0 },
  failure: { code: "terraform-failed", message: "Error: no such bucket", hint: "make the bucket" },
  noop: false,
  brokenLock: null,
  notes: [],
  retryAt: null,
  isLive: false,
  lastGood: null,
  logUrl: "https://ap-southeast-2.console.aws.amazon.com/s3/buckets/windlass-state-222222222222",
};
const delivery = await notifier.deliver(
  {
    report,
    repository: "dga-web",
    sha: null,
    check: { id: null, mayExist: false },
    deployment: { id: null, mayExist: false, retire: null },
    issue: { want: "open", number: null, mayExist: false },
  },
  { signal: AbortSignal.timeout(20_000), mayWrite: () => true },
);

export const shown = [delivery.issue?.kind, repository.issues()[0]?.title, repository.checkRuns()[0]?.conclusion];
// ["shown", "Deploy to Production Failed", "failure"]
