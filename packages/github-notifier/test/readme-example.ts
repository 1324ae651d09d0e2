import { createGitHubNotifier, parseAppCredentials } from "@windlass/github-notifier";
import { aFailure, openGitHub, pace, secretOf } from "./open-github.ts";

// A GitHub in this process, of the sandbox; leave `fetch`, `now` and `pace` out for the real one.
const { github, sandbox, app, repo, clock } = openGitHub();
const now = () => new Date(clock.now());

const notifier = createGitHubNotifier({
  owner: "AusDTO",
  apiUrl: github.apiUrl,
  loadCredentials: async () => parseAppCredentials(secretOf(app), { where: "secret windlass/github-app", now }),
  fetch: sandbox.fetch,
  now,
  pace,
});
const delivery = await notifier.deliver(
  {
    report: aFailure(),
    repository: "dga-web",
    sha: null,
    check: { id: null, mayExist: false },
    deployment: { id: null, mayExist: false, retire: null },
    issue: { want: "open", number: null, mayExist: false },
  },
  { signal: AbortSignal.timeout(20_000), mayWrite: () => true },
);

export const shown = [delivery.issue?.kind, repo.issues()[0]?.title, repo.checkRuns()[0]?.conclusion];
// ["shown", "Deploy to Production Failed", "failure"]
