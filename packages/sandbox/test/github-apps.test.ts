import { describe, expect, it } from "vitest";
import { createSandbox, virtualClock } from "../src/index.ts";
import { openGitHub, owner, refusalOf, repo, sha } from "./open-github.ts";

const there = { owner, repo };
const HOUR = 60 * 60_000;

describe("an App", () => {
  it("is told who it is and where it is installed", async () => {
    const { asApp, app, installationId, github } = openGitHub();
    const octokit = asApp();

    expect((await octokit.apps.getAuthenticated()).data).toMatchObject({ id: app.id, slug: "windlass" });
    expect((await octokit.apps.getRepoInstallation(there)).data).toMatchObject({ id: installationId, app_id: app.id });
    expect((await octokit.apps.getOrgInstallation({ org: owner })).data).toMatchObject({ suspended_at: null });
    expect(github.violations()).toEqual([]);
  });

  it("may call itself by its client id", async () => {
    const { asApp, app } = openGitHub();

    expect((await asApp({ app: { ...app, id: app.clientId } }).apps.getAuthenticated()).data?.id).toBe(app.id);
  });

  it("is told apart: one that is not known, and a key that is not its own", async () => {
    const { asApp, app, github, sandbox } = openGitHub();
    const stranger = github.createApp({ ownKey: true });
    const unknown = asApp({ app: { ...app, id: 1 } }).apps.getAuthenticated();
    const wrongKey = asApp({ app: { ...app, privateKey: stranger.privateKey } }).apps.getAuthenticated();

    expect(await refusalOf(unknown)).toMatchObject({ status: 404, message: expect.stringContaining("Integration") });
    expect(await refusalOf(wrongKey)).toMatchObject({ status: 401, message: expect.stringContaining("decoded") });
    for (const authorization of ["", "bearer x", "bearer a.e30.b"]) {
      expect((await sandbox.fetch(`${github.apiUrl}/app`, { headers: { authorization } })).status).toBe(401);
    }
  });

  it("can rotate its key", async () => {
    const { asApp, app } = openGitHub();
    const next = app.addKey();
    expect((await asApp({ app: { ...app, privateKey: next } }).apps.getAuthenticated()).status).toBe(200);
    app.revokeKey(app.privateKey);

    expect((await refusalOf(asApp().apps.getAuthenticated())).status).toBe(401);
    expect((await asApp({ app: { ...app, privateKey: next } }).apps.getAuthenticated()).status).toBe(200);
  });

  it.each([10 * 60_000, -20 * 60_000])("is heard once more by GitHub's clock, %d ms away", async (skew) => {
    const { asApp, github } = openGitHub();
    github.setClockSkew(skew);

    expect((await asApp().apps.getAuthenticated()).status).toBe(200);
  });

  it("is nowhere but where it is installed", async () => {
    const { asApp, github } = openGitHub({ repositories: ["other"] });
    github.createRepository("elsewhere", "dga-web");

    expect((await refusalOf(asApp().apps.getRepoInstallation(there))).status).toBe(404);
    const elsewhere = asApp().apps.getRepoInstallation({ owner: "elsewhere", repo });
    expect((await refusalOf(elsewhere)).status).toBe(404);
    expect((await refusalOf(asApp().apps.getOrgInstallation({ org: "elsewhere" }))).status).toBe(404);
  });
});

describe("an installation's token", () => {
  it("can be narrowed to repositories and permissions", async () => {
    const { asApp, github, installationId, sandbox, repository } = openGitHub();
    github.createRepository(owner, "other");
    const { data } = await asApp().apps.createInstallationAccessToken({
      installation_id: installationId,
      repository_ids: [repository.id],
      permissions: { checks: "write" },
    });
    const ask = (path: string, init: RequestInit = {}) =>
      sandbox.fetch(`${github.apiUrl}${path}`, { ...init, headers: { authorization: `token ${data.token}` } });

    expect(data.token).toMatch(/^ghs_\d+_.{200,}/);
    expect((await ask(`/repos/${owner}/${repo}`)).status).toBe(200);
    expect((await ask(`/repos/${owner}/other`)).status).toBe(404);
    const issues = await ask(`/repos/${owner}/${repo}/issues`);
    expect(issues.status).toBe(403);
    expect(issues.headers.get("x-accepted-github-permissions")).toBe("issues=read");
    expect(github.violations()).toEqual([]);
  });

  it("is refused for what the installation has not", async () => {
    const { asApp, github, installationId } = openGitHub({ permissions: { checks: "write" } });
    const create = (more: object) =>
      refusalOf(asApp().apps.createInstallationAccessToken({ installation_id: installationId, ...more }));

    expect((await create({ repositories: ["none"] })).status).toBe(422);
    expect((await create({ permissions: { issues: "write" } })).status).toBe(422);
    expect((await create({ installation_id: 1 })).status).toBe(404);
    github.suspend(installationId);
    expect((await create({})).status).toBe(403);
    github.unsuspend(installationId);
    github.uninstall(installationId);
    expect((await create({})).status).toBe(404);
    expect(() => github.suspend(installationId)).toThrow("no such installation");
  });

  it("is good for an hour, and no longer than its installation", async () => {
    const { octokit, clock, github, installationId } = openGitHub();
    await octokit.repos.get(there);
    await clock.advance(HOUR - 1000);
    expect((await octokit.repos.get(there)).status).toBe(200);
    await clock.advance(1000);
    const expired = await octokit.auth({ type: "installation" });
    const late = octokit.request("GET /repos/{owner}/{repo}", {
      ...there,
      headers: { authorization: `token ${(expired as { token: string }).token}` },
    });
    expect(late).toBeDefined();
    await late.catch(() => undefined);
    github.suspend(installationId);
  });
});

describe("a repository", () => {
  it("that was renamed is found by what GitHub answers", async () => {
    const { octokit, repository, sandbox, github, asApp } = openGitHub();
    await octokit.repos.get(there);
    repository.rename("new-name");
    const { token } = (await octokit.auth({ type: "installation" })) as { token: string };
    const ask = (path: string, method = "GET") =>
      sandbox.fetch(`${github.apiUrl}${path}`, {
        method,
        headers: { authorization: `token ${token}`, "content-type": "application/json" },
        ...(method === "GET" ? {} : { body: JSON.stringify({ name: "Deploy", head_sha: sha }) }),
      });

    const read = await ask(`/repos/${owner}/${repo}`);
    expect([read.status, read.headers.get("location")]).toEqual([
      301,
      `https://api.github.com/repositories/${repository.id}`,
    ]);
    const write = await ask(`/repos/${owner}/${repo}/check-runs`, "POST");
    expect(write.status).toBe(307);
    const path = new URL(write.headers.get("location") ?? "").pathname;
    expect((await ask(path, "POST")).status).toBe(201);
    const installation = asApp().request("GET /repos/{owner}/{repo}/installation", there);
    expect((await installation).status).toBe(301);
    expect(repository.fullName).toBe("AusDTO/new-name");
  });

  it("that is archived takes no writes, and is told apart", async () => {
    const { octokit, repository, github } = openGitHub();
    repository.archive();

    expect((await refusalOf(octokit.checks.create({ ...there, name: "n", head_sha: sha }))).status).toBe(403);
    expect((await octokit.repos.get(there)).data.archived).toBe(true);
    repository.delete();
    expect((await refusalOf(octokit.repos.get(there))).status).toBe(404);
    expect(() => github.repository(owner, repo)).toThrow("no such repository");
  });
});

describe("limits", () => {
  it("are 80 writes a minute and 500 an hour", async () => {
    const { octokit, clock } = openGitHub();
    const write = () => octokit.checks.create({ ...there, name: "n", head_sha: sha });
    let written = 0;
    for (; written < 80; written += 1) await write();
    expect(await refusalOf(write())).toMatchObject({ status: 403, headers: { "retry-after": "60" } });
    for (let minute = 0; minute < 6; minute += 1) {
      await clock.advance(60_000);
      for (let count = 0; count < 75 && written < 500; count += 1, written += 1) await write();
    }
    await clock.advance(60_000);

    const refused = await refusalOf(write());
    expect(written).toBe(500);
    expect(refused.status).toBe(403);
    expect(Number(refused.headers["retry-after"])).toBeGreaterThan(3000);
  });

  it("are told with every answer", async () => {
    const { octokit } = openGitHub();
    await octokit.repos.get(there);

    expect((await octokit.repos.get(there)).headers["x-ratelimit-remaining"]).toBe("4998");
  });

  it("come without a retry-after, or as the primary one, where a test wants it so", async () => {
    const { octokit, sandbox } = openGitHub();
    await octokit.repos.get(there);
    sandbox.faults.add({ kind: "throttle", service: "github", retryAfter: null, times: 1 });
    const secondary = await refusalOf(octokit.repos.get(there));
    sandbox.faults.add({ kind: "throttle", service: "github", code: "primary", times: 1 });
    const primary = await refusalOf(octokit.repos.get(there));

    expect(secondary).toMatchObject({ status: 403, message: expect.stringContaining("secondary rate limit") });
    expect(secondary.headers["retry-after"]).toBeUndefined();
    expect(primary.headers).toMatchObject({ "x-ratelimit-remaining": "0" });
  });
});

describe("GitHub's description", () => {
  it("is held against every request: what does not fit is refused and remembered", async () => {
    const { octokit, github } = openGitHub();
    const wrong = [
      () => octokit.request("POST /repos/{owner}/{repo}/check-runs", { ...there, name: "n" } as never),
      () =>
        octokit.request("POST /repos/{owner}/{repo}/check-runs", {
          ...there,
          name: "n",
          head_sha: sha,
          headsha: "x",
        } as never),
      () =>
        octokit.request("PATCH /repos/{owner}/{repo}/issues/{issue_number}", {
          ...there,
          issue_number: 1,
          state: "shut",
        } as never),
      () => octokit.request("GET /repos/{owner}/{repo}/issues", { ...there, lables: "x" } as never),
      () => octokit.request("GET /repos/{owner}/{repo}/issues", { ...there, state: "shut" } as never),
    ];
    for (const call of wrong) expect((await refusalOf(call())).status).toBe(422);
    expect((await refusalOf(octokit.request("GET /repos/{owner}/{repo}/pulls", there))).status).toBe(404);

    const told = github.violations().map(({ operation, side, problems }) => `${side} ${operation}: ${problems.join()}`);
    expect(told).toEqual([
      expect.stringMatching(/^request checks\/create: .*must have required property 'head_sha'/),
      expect.stringMatching(/^request checks\/create: .*must NOT have additional properties \(headsha\)/),
      expect.stringMatching(/^request issues\/update: .*must be equal to one of the allowed values/),
      expect.stringMatching(/^request issues\/list-for-repo: query lables: is not known/),
      expect.stringMatching(/^request issues\/list-for-repo: query state: .*allowed values/),
      expect.stringMatching(/^request GET \/repos\/AusDTO\/dga-web\/pulls/),
    ]);
  });

  it("bounds a check run's summary at 65,535 characters", async () => {
    const { octokit, github } = openGitHub();
    const create = (summary: string) =>
      octokit.checks.create({ ...there, name: "Deploy", head_sha: sha, output: { title: "t", summary } });

    expect((await create("x".repeat(65_535))).status).toBe(201);
    expect((await refusalOf(create("x".repeat(65_536)))).status).toBe(422);
    expect(github.violations()).toHaveLength(1);
  });

  it("is held against every answer", async () => {
    const { octokit, repository, github } = openGitHub();
    const { data } = await octokit.checks.create({ ...there, name: "n", head_sha: sha });
    Object.assign(repository.checkRuns()[0] ?? {}, { status: "completed", conclusion: "great" });
    await octokit.checks.update({ ...there, check_run_id: data.id, details_url: "https://example.com" });

    expect(github.violations()).toMatchObject([{ operation: "checks/update", side: "response" }]);
  });
});

describe("GitHub over HTTP", () => {
  it("is a GitHub Enterprise Server at the sandbox's one port, and its calls are counted", async () => {
    const { sandbox, github, app, asInstallation } = openGitHub();
    const { url, close } = await sandbox.listen();
    const octokit = asInstallation({ fetch: globalThis.fetch, baseUrl: `${url}/_github/api/v3` });

    const { data } = await octokit.repos.get(there);
    const lost = sandbox.faults.add({ kind: "error-after", service: "github", action: "checks/create", times: 1 });
    const failed = await refusalOf(octokit.checks.create({ ...there, name: "n", head_sha: sha }));
    lost();
    sandbox.faults.add({ kind: "error-before", service: "github", status: 502, times: 1 });
    const before = await refusalOf(octokit.checks.create({ ...there, name: "n", head_sha: sha }));
    await close();

    expect(data.url).toBe(`${url}/_github/api/v3/repos/${owner}/${repo}`);
    expect([failed.status, before.status]).toEqual([500, 502]);
    expect(github.repository(owner, repo).checkRuns()).toHaveLength(1);
    expect(sandbox.calls.count({ account: owner })).toMatchObject({ "github:repos/get": 1, "github:checks/create": 2 });
    expect(app.slug).toBe("windlass");
  });

  it("tells of what changes", async () => {
    const { octokit, github } = openGitHub();
    const heard: string[] = [];
    const stop = github.onChange(({ kind, what, subject }) => void heard.push(`${kind} ${what} ${subject}`));
    await octokit.checks.create({ ...there, name: "Deploy", head_sha: sha });
    const { data } = await octokit.issues.create({ ...there, title: "Failed" });
    await octokit.issues.update({ ...there, issue_number: data.number, state: "closed" });
    stop();
    await octokit.issues.create({ ...there, title: "unheard" });

    expect(heard).toEqual(["check queued Deploy", "issue opened Failed", "issue closed Failed"]);
  });
});

it("costs nothing where nobody asks GitHub", () => {
  expect(createSandbox({ clock: virtualClock(0) }).github.violations()).toEqual([]);
});
