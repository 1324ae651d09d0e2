import { describe, expect, it } from "vitest";
import { openGitHub, owner, refusalOf, repo, sha } from "./open-github.ts";

const there = { owner, repo };
const check = { ...there, name: "n", head_sha: sha };

describe("GitHub's description, held against every request,", () => {
  const create = "POST /repos/{owner}/{repo}/check-runs";
  const list = "GET /repos/{owner}/{repo}/issues";

  it.each([
    ["lacks", create, { ...there, name: "n" }, "checks/create: it must have required property 'head_sha'"],
    ["has too much", create, { ...check, headsha: "x" }, "checks/create: /headsha: is not known"],
    [
      "has too much inside",
      create,
      { ...check, output: { title: "t", summary: "s", txet: "x" } },
      "checks/create: /output/txet: is not known",
    ],
    [
      "is too long",
      create,
      { ...check, output: { title: "t", summary: "x".repeat(65_536) } },
      "checks/create: /output/summary must NOT have more than 65535 characters",
    ],
    [
      "has a wrong value",
      "PATCH /repos/{owner}/{repo}/issues/{issue_number}",
      { ...there, issue_number: 1, state: "shut" },
      "issues/update: /state must be equal to one of the allowed values",
    ],
    [
      "has a number that is none",
      "GET /repos/{owner}/{repo}/issues/{issue_number}",
      { ...there, issue_number: "one" },
      "issues/get: path issue_number: it must be integer",
    ],
    ["mistypes a filter", list, { ...there, lables: "x" }, "issues/list-for-repo: query lables: is not known"],
    [
      "filters by what is not",
      list,
      { ...there, state: "shut" },
      "issues/list-for-repo: query state: it must be equal to one of the allowed values",
    ],
    [
      "may do what it asks for with a token of its own",
      "POST /app/installations/{installation_id}/access_tokens",
      { installation_id: 1, permissions: { check: "write" } },
      "apps/create-installation-access-token: /permissions/check: is not known",
    ],
  ])("refuses and remembers one that %s", async (_, route, parameters, problem) => {
    const { octokit, github } = openGitHub();

    expect((await refusalOf(octokit.request(route, parameters as never))).status).toBe(422);
    const told = github.violations().map(({ operation, side, problems }) => `${side} ${operation}: ${problems.join()}`);
    expect(told).toEqual([`request ${problem}`]);
  });

  it("refuses an operation that it does not have, and a body that is no JSON", async () => {
    const { octokit, github, sandbox } = openGitHub();
    const { token } = (await octokit.auth({ type: "installation" })) as { token: string };
    const unreadable = await sandbox.fetch(`${github.apiUrl}/repos/${owner}/${repo}/issues`, {
      method: "POST",
      headers: { authorization: `token ${token}` },
      body: "{",
    });

    expect(unreadable.status).toBe(400);
    expect((await refusalOf(octokit.request("GET /repos/{owner}/{repo}/pulls", there))).status).toBe(404);
    expect((await sandbox.fetch(`${github.apiUrl}/repos/%E0%A4%A/x`)).status).toBe(404);
    expect(github.violations().map(({ operation }) => operation)).toEqual([
      "issues/create",
      `GET /repos/${owner}/${repo}/pulls`,
      "GET /repos/%E0%A4%A/x",
    ]);
  });

  it("lets a deployment's payload be anything", async () => {
    const { octokit, github } = openGitHub();
    const payload = { any: { thing: [1, "two"] } };
    await octokit.repos.createDeployment({ ...there, ref: sha, auto_merge: false, required_contexts: [], payload });

    expect(github.violations()).toEqual([]);
  });
});

describe("GitHub's description, held against every answer,", () => {
  it("remembers one that does not fit", async () => {
    const { octokit, repository, github } = openGitHub();
    repository.openIssue({ title: 5 as never });
    await octokit.issues.listForRepo(there);

    expect(github.violations()).toEqual([
      { operation: "issues/list-for-repo", side: "response", problems: ["/0/title must be string"] },
    ]);
  });

  it("remembers a status that is none of the operation's", async () => {
    const { octokit, sandbox, github } = openGitHub();
    sandbox.faults.add({ kind: "error-before", service: "github", action: "repos/get", status: 201, times: 1 });
    await octokit.repos.get(there);

    expect(github.violations()).toEqual([
      { operation: "repos/get", side: "response", problems: ["status 201 is not described"] },
    ]);
  });

  it("tells what was so far, not what will be", async () => {
    const { octokit, github } = openGitHub();
    const before = github.violations();
    await refusalOf(octokit.request("GET /repos/{owner}/{repo}/pulls", there));

    expect(before).toEqual([]);
    expect(github.violations()).toHaveLength(1);
  });
});
