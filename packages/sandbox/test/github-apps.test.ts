import { describe, expect, it } from "vitest";
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
    const { octokit, clock, github, installationId, sandbox } = openGitHub();
    const { token } = (await octokit.auth({ type: "installation" })) as { token: string };
    const ask = async () => {
      const headers = { authorization: `token ${token}` };
      const response = await sandbox.fetch(`${github.apiUrl}/repos/${owner}/${repo}`, { headers });
      return [response.status, ((await response.json()) as { message?: string }).message];
    };

    await clock.advance(HOUR - 1000);
    expect(await ask()).toEqual([200, undefined]);
    github.suspend(installationId);
    expect(await ask()).toEqual([403, "This installation has been suspended"]);
    github.unsuspend(installationId);
    await clock.advance(1000);
    expect(await ask()).toEqual([401, "Bad credentials"]);
  });

  it("ends with its installation", async () => {
    const { octokit, github, installationId } = openGitHub();
    await octokit.repos.get(there);
    github.uninstall(installationId);

    expect((await refusalOf(octokit.repos.get(there))).status).toBe(401);
  });

  it("lists the repositories that it is good for", async () => {
    const { octokit, asApp, github, installationId, sandbox } = openGitHub();
    github.createRepository(owner, "other");
    github.createRepository("elsewhere", repo);
    const all = await octokit.apps.listReposAccessibleToInstallation({ per_page: 1 });
    const narrowed = await asApp().apps.createInstallationAccessToken({
      installation_id: installationId,
      repositories: ["other"],
    });
    const headers = { authorization: `token ${narrowed.data.token}` };
    const some = await sandbox.fetch(`${github.apiUrl}/installation/repositories`, { headers });

    expect(all.data).toMatchObject({ total_count: 2, repository_selection: "all", repositories: [{ name: repo }] });
    expect(all.headers.link).toContain('page=2>; rel="next"');
    expect(await some.json()).toMatchObject({ total_count: 1, repository_selection: "selected" });
    expect(github.violations()).toEqual([]);
  });

  it("has an installation that no other sandbox has", () => {
    expect(openGitHub().installationId).not.toBe(openGitHub().installationId);
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
    const list = await ask(`/repos/${owner}/${repo}/issues?labels=x`);
    expect(list.headers.get("location")).toMatch(/\/issues\?labels=x$/);
    const path = new URL(write.headers.get("location") ?? "").pathname;
    expect((await ask(path, "POST")).status).toBe(201);
    const installation = asApp().request("GET /repos/{owner}/{repo}/installation", there);
    expect((await installation).status).toBe(301);
    expect(repository.fullName).toBe("AusDTO/new-name");
  });

  it("has its name alone, and leaves it to who takes it next", async () => {
    const { octokit, repository, github } = openGitHub();
    github.createRepository(owner, "other");
    expect(() => github.createRepository(owner, repo.toUpperCase())).toThrow("there is such a repository");
    expect(() => repository.rename("other")).toThrow("there is such a repository");
    repository.rename("new-name");
    const next = github.createRepository(owner, repo);

    expect((await octokit.repos.get(there)).data.id).toBe(next.id);
    repository.delete();
    repository.delete();
    expect((await octokit.repos.get(there)).data.id).toBe(next.id);
  });

  it("tells what it was when it was asked", async () => {
    const { octokit, repository } = openGitHub();
    await octokit.checks.create({ ...there, name: "n", head_sha: sha });
    const [before] = repository.checkRuns();
    await octokit.checks.update({ ...there, check_run_id: before!.id, status: "in_progress" });

    expect(before?.status).toBe("queued");
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
