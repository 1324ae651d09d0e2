import { describe, expect, it } from "vitest";
import { openGitHub, owner, refusalOf, repo, sha } from "./open-github.ts";

const there = { owner, repo };
const check = { ...there, name: "n", head_sha: sha };

describe("faults of GitHub", () => {
  it("strike before the effect, or after it", async () => {
    const { octokit, sandbox, repository } = openGitHub();
    await octokit.repos.get(there);
    const { faults } = sandbox;
    faults.add({ kind: "error-before", service: "github", action: "checks/create", status: 502, times: 1 });
    expect((await refusalOf(octokit.checks.create(check))).status).toBe(502);
    expect(repository.checkRuns()).toHaveLength(0);
    faults.add({ kind: "error-after", service: "github", action: "checks/create", status: 503, times: 1 });
    expect((await refusalOf(octokit.checks.create(check))).status).toBe(503);
    expect(repository.checkRuns()).toHaveLength(1);
    faults.add({ kind: "error-after", service: "github", account: owner, times: 1 });
    // Octokit's own word for a connection that broke.
    expect((await refusalOf(octokit.checks.create(check))).status).toBe(500);

    expect(repository.checkRuns()).toHaveLength(2);
    const outcomes = sandbox.calls.entries.filter(({ action }) => action === "checks/create");
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(["InternalError", "InternalError", "lost"]);
  });

  it("delay a call, which then is one of its own time", async () => {
    const { octokit, sandbox, clock, repository } = openGitHub();
    await octokit.repos.get(there);
    sandbox.faults.add({ kind: "latency", service: "github", ms: 90_000, times: 1 });
    const created = octokit.checks.create({ ...check, status: "in_progress" });
    while (sandbox.calls.count()["github:checks/create"] === undefined) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    await clock.advance(89_999);
    expect(repository.checkRuns()).toEqual([]);
    await clock.advance(1);

    const { data, headers } = await created;
    const now = Math.floor(clock.now() / 1000) * 1000;
    expect(Date.parse(data.started_at ?? "")).toBe(now);
    expect(Date.parse(headers.date ?? "")).toBe(now);
  });

  it("find a token expired that was good when the call was made", async () => {
    const { octokit, sandbox, clock, github } = openGitHub();
    const { token } = (await octokit.auth({ type: "installation" })) as { token: string };
    await clock.advance(59 * 60_000);
    sandbox.faults.add({ kind: "latency", service: "github", ms: 60_000, times: 1 });
    const headers = { authorization: `token ${token}` };
    const asked = sandbox.fetch(`${github.apiUrl}/repos/${owner}/${repo}`, { headers });
    await clock.advance(60_000);

    expect((await asked).status).toBe(401);
  });
});

describe("the call log", () => {
  it("names GitHub's operations, and the owner of what they are about", async () => {
    const { octokit, sandbox, repository, asApp } = openGitHub();
    await octokit.repos.get(there);
    await octokit.request("GET /repositories/{id}", { id: repository.id });
    await octokit.rateLimit.get();
    await asApp().apps.getOrgInstallation({ org: owner });
    await asApp().apps.getAuthenticated();

    expect(sandbox.calls.entries.map(({ service, action, account }) => [service, action, account])).toEqual([
      ["github", "apps/create-installation-access-token", owner],
      ["github", "repos/get", owner],
      ["github", "repos/get", owner],
      ["github", "rate-limit/get", owner],
      ["github", "apps/get-org-installation", owner],
      // Who an App is, is nobody's affair but its own.
      ["github", "apps/get-authenticated", ""],
    ]);
  });
});
