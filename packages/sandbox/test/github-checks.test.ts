import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openGitHub, owner, refusalOf, repo, sha } from "./open-github.ts";

const there = { owner, repo };
let opened: ReturnType<typeof openGitHub>;
beforeEach(() => {
  opened = openGitHub();
});
afterEach(() => {
  expect(opened.github.violations()).toEqual([]);
});

describe("a check run", () => {
  const output = { title: "t", summary: "s" };

  it("goes from queued over in progress to completed", async () => {
    const { octokit, repository } = opened;
    const { data } = await octokit.checks.create({ ...there, name: "Deploy", head_sha: sha, external_id: "d-1" });
    expect(data).toMatchObject({ status: "queued", conclusion: null, external_id: "d-1" });
    await octokit.checks.update({ ...there, check_run_id: data.id, status: "in_progress", output });
    const done = await octokit.checks.update({ ...there, check_run_id: data.id, conclusion: "failure" });

    expect(done.data).toMatchObject({ status: "completed", conclusion: "failure" });
    expect(repository.checkRuns()).toMatchObject([{ name: "Deploy", headSha: sha, title: "t", conclusion: "failure" }]);
  });

  it("needs a commit that is there, and a conclusion at its end", async () => {
    const { octokit } = opened;
    const unknown = octokit.checks.create({ ...there, name: "Deploy", head_sha: "0".repeat(40) });
    expect(await refusalOf(unknown)).toMatchObject({
      status: 422,
      message: expect.stringContaining("No commit found"),
    });
    const open = octokit.checks.create({ ...there, name: "Deploy", head_sha: sha, status: "completed" } as never);
    expect((await refusalOf(open)).status).toBe(422);
  });

  it("is listed by name and App, the newest of a name unless all are asked for", async () => {
    const { octokit, app } = opened;
    for (const name of ["Deploy", "Deploy", "Other"]) await octokit.checks.create({ ...there, name, head_sha: sha });
    const list = (more: object) => octokit.checks.listForRef({ ...there, ref: sha, ...more });

    expect((await list({ check_name: "Deploy", app_id: app.id })).data.total_count).toBe(1);
    expect((await list({ check_name: "Deploy", filter: "all" })).data.check_runs).toHaveLength(2);
    expect((await list({ app_id: 1 })).data.total_count).toBe(0);
    expect((await refusalOf(octokit.checks.listForRef({ ...there, ref: "9".repeat(40) }))).status).toBe(422);
  });

  it("is changed by the App that made it alone", async () => {
    const { octokit, github, asInstallation } = opened;
    const { data } = await octokit.checks.create({ ...there, name: "Deploy", head_sha: sha });
    const other = github.createApp({ slug: "other", ownKey: true });
    const installationId = github.install(other, { owner });
    const foreign = asInstallation({ app: other, installationId });

    const update = foreign.checks.update({ ...there, check_run_id: data.id, status: "in_progress" });
    expect((await refusalOf(update)).status).toBe(403);
    const missing = octokit.checks.update({ ...there, check_run_id: 1, status: "in_progress" });
    expect((await refusalOf(missing)).status).toBe(404);
  });
});

describe("a commit", () => {
  it("can be read by who may read contents, in part or as the branch", async () => {
    const { octokit, github, asInstallation } = opened;
    const reader = github.createApp({ slug: "reader", permissions: { contents: "read" } });
    const reading = asInstallation({ app: reader, installationId: github.install(reader, { owner }) });
    const get = (ref: string) => reading.repos.getCommit({ ...there, ref });

    expect((await get(sha.slice(0, 7))).data.sha).toBe(sha);
    expect((await get("main")).data.sha).toBe(sha);
    expect((await refusalOf(get("none"))).status).toBe(422);
    expect(await refusalOf(octokit.repos.getCommit({ ...there, ref: sha }))).toMatchObject({
      status: 403,
      headers: { "x-accepted-github-permissions": "contents=read" },
    });
  });

  it("is not found by digits that more than one begins with", async () => {
    const { octokit, repository } = opened;
    repository.addCommit(`${sha.slice(0, 39)}0`);
    const list = (ref: string) => octokit.checks.listForRef({ ...there, ref });

    expect((await refusalOf(list(sha.slice(0, 39)))).status).toBe(422);
    expect((await list(sha)).status).toBe(200);
    expect(() => repository.addCommit("cc83ec5")).toThrow("no commit");
  });
});

describe("a deployment", () => {
  const wanted = { ...there, ref: sha, auto_merge: false, required_contexts: [], environment: "Staging" };

  it("takes a short commit, and answers with the whole", async () => {
    const { octokit } = opened;
    const { data } = await octokit.repos.createDeployment({ ...wanted, ref: sha.slice(0, 9) });

    expect(data).toMatchObject({ sha, ref: sha.slice(0, 9), environment: "Staging", task: "deploy" });
    const unknown = octokit.repos.createDeployment({ ...wanted, ref: "0000000" });
    expect(await refusalOf(unknown)).toMatchObject({ status: 422, message: expect.stringContaining("No ref found") });
  });

  it("is not made where GitHub may merge first, or wants every check to be green", async () => {
    const { octokit, repository } = opened;
    const { auto_merge: _, ...merging } = { ...wanted, ref: sha.slice(0, 9) };
    expect((await octokit.repos.createDeployment(merging)).status).toBe(202);
    const { required_contexts: __, ...checked } = wanted;
    expect((await refusalOf(octokit.repos.createDeployment(checked))).status).toBe(409);

    expect(repository.deployments()).toEqual([]);
  });

  it("is found by commit, environment and task, with its payload", async () => {
    const { octokit } = opened;
    const payload = { windlass: { deployment: "d-1" } };
    await octokit.repos.createDeployment({ ...wanted, payload });
    await octokit.repos.createDeployment({ ...wanted, environment: "Production" });

    const { data } = await octokit.repos.listDeployments({ ...there, sha, environment: "Staging", task: "deploy" });
    expect(data).toMatchObject([{ environment: "Staging", payload }]);
  });

  it("makes earlier ones of its environment inactive by its success, unless they are production's or it is told not to", async () => {
    const { octokit, repository } = opened;
    const deploy = async (environment: string, more: object = {}) => {
      const { data } = await octokit.repos.createDeployment({ ...wanted, environment });
      const deployment_id = (data as { id: number }).id;
      await octokit.repos.createDeploymentStatus({ ...there, deployment_id, state: "success", ...more });
    };
    await deploy("Staging");
    await deploy("Staging", { auto_inactive: false });
    await deploy("staging");
    await deploy("production");
    await deploy("production");

    expect(repository.deployments().map(({ statuses }) => statuses.at(-1)?.state)).toEqual([
      "inactive",
      "inactive",
      "success",
      "success",
      "success",
    ]);
    expect(repository.deployments()[1]?.statuses).toHaveLength(2);
  });

  it("may be of the branch, which is its newest commit", async () => {
    const { octokit, repository } = opened;
    const { auto_merge: _, ...merging } = { ...wanted, ref: "main" };
    repository.addCommit("b".repeat(40));

    expect((await octokit.repos.createDeployment(merging)).data).toMatchObject({ ref: "main", sha: "b".repeat(40) });
  });

  it("is not made before the checks that it names are green", async () => {
    const { octokit } = opened;
    const named = { ...wanted, required_contexts: ["Build"] };
    expect((await refusalOf(octokit.repos.createDeployment(named))).status).toBe(409);
    await octokit.checks.create({ ...there, name: "Build", head_sha: sha, conclusion: "success" });

    expect((await octokit.repos.createDeployment(named)).status).toBe(201);
  });

  it("tells its statuses newest first, and moves where a status says so", async () => {
    const { octokit, repository } = opened;
    const deployment_id = ((await octokit.repos.createDeployment(wanted)).data as { id: number }).id;
    const at = { ...there, deployment_id };
    await octokit.repos.createDeploymentStatus({ ...at, state: "queued", log_url: "https://example.com/log" });
    const moved = { state: "success", environment: "Stage", environment_url: "https://example.com" } as const;
    await octokit.repos.createDeploymentStatus({ ...at, ...moved });

    const { data } = await octokit.repos.listDeploymentStatuses(at);
    expect(data).toMatchObject([
      { state: "success", environment: "Stage", environment_url: "https://example.com" },
      { state: "queued", environment: "Staging", log_url: "https://example.com/log" },
    ]);
    expect(repository.deployments()).toMatchObject([{ environment: "Stage", originalEnvironment: "Staging" }]);
    const missing = octokit.repos.listDeploymentStatuses({ ...there, deployment_id: 1 });
    expect((await refusalOf(missing)).status).toBe(404);
  });

  it("has descriptions of 140 characters at most", async () => {
    const { octokit } = opened;
    const long = octokit.repos.createDeployment({ ...wanted, description: "x".repeat(141) });
    expect((await refusalOf(long)).status).toBe(422);
    const { data } = await octokit.repos.createDeployment(wanted);
    const status = { ...there, deployment_id: (data as { id: number }).id, state: "success" as const };
    const longStatus = octokit.repos.createDeploymentStatus({ ...status, description: "x".repeat(141) });
    expect((await refusalOf(longStatus)).status).toBe(422);
    expect((await refusalOf(octokit.repos.createDeploymentStatus({ ...status, deployment_id: 1 }))).status).toBe(404);
  });
});
