import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  aFailure,
  again,
  aReport,
  aTask,
  type OpenGitHub,
  openGitHub,
  owner,
  repository,
  sha,
  unlimited,
} from "./open-github.ts";

let github: OpenGitHub;
beforeEach(() => {
  github = openGitHub();
});
afterEach(() => {
  expect(github.github.violations()).toEqual([]);
});

const deliver = (task = aTask(aFailure()), permit = unlimited()) => github.notifier.deliver(task, permit);
const count = (action: string) => github.sandbox.calls.count()[`github:${action}`] ?? 0;

describe("what concerns all of GitHub", () => {
  it("is that nothing answers", async () => {
    github.sandbox.faults.add({ kind: "error-before", service: "github", code: "ECONNRESET" });

    expect(await deliver()).toMatchObject({
      deployment: { kind: "failed", id: null, trouble: { code: "unreachable", scope: "github", permanent: false } },
      issue: { kind: "unreached" },
      check: { kind: "unreached" },
    });
  });

  it.each([
    [{ retryAfter: 120 }, 120],
    [{ retryAfter: null }, 60],
    [{ code: "primary" }, 1800],
  ])("is a limit (%o), which is left alone for %d seconds and not waited for", async (fault, retryAfter) => {
    await deliver(aTask(aReport()));
    github.sandbox.faults.add({ kind: "throttle", service: "github", action: "checks/create", times: 1, ...fault });
    const delivery = await deliver();

    expect(delivery.check).toMatchObject({
      kind: "failed",
      trouble: { code: "rate-limited", scope: "github", permanent: false },
    });
    const told = delivery.check?.kind === "failed" ? (delivery.check.trouble.retryAfter ?? 0) : 0;
    expect(Math.abs(told - retryAfter)).toBeLessThanOrEqual(1);
    expect(count("checks/create")).toBe(2);
  });

  it("is an installation that is suspended, also while a token lives", async () => {
    github.github.suspend(github.installationId);
    expect(await deliver()).toMatchObject({
      deployment: { trouble: { code: "installation-suspended", permanent: true } },
    });
    github.github.unsuspend(github.installationId);
    await deliver();
    github.github.uninstall(github.installationId);

    const task = aTask(aFailure({ deployment: "20261124t031500z-43" as never }));
    expect(await deliver(task)).toMatchObject({
      deployment: { trouble: { code: "not-installed", scope: "repository" } },
    });
  });
});

describe("what concerns one repository", () => {
  it("is that it is not the App's", async () => {
    github = openGitHub({ repositories: ["other"] });

    expect(await deliver()).toMatchObject({
      deployment: { kind: "failed", trouble: { code: "not-installed", scope: "repository", permanent: true } },
      check: { kind: "failed", trouble: { code: "not-installed" } },
    });
    expect(count("checks/create")).toBe(0);
  });

  it("is that it is gone, though a token lives", async () => {
    await deliver(aTask(aReport()));
    github.repo.delete();

    expect(await deliver()).toMatchObject({
      deployment: { trouble: { code: "repository-unknown", scope: "repository" } },
    });
  });

  it("is that it is archived: nothing else is asked for there", async () => {
    github.repo.archive();

    expect(await deliver()).toMatchObject({
      deployment: { trouble: { code: "repository-archived", permanent: true } },
      issue: { trouble: { code: "repository-archived" } },
      check: { trouble: { code: "repository-archived" } },
    });
    expect(count("issues/list-for-repo")).toBe(0);
  });

  it("is that GitHub can not do it right now: a write is never sent twice by itself", async () => {
    github.sandbox.faults.add({
      kind: "error-before",
      service: "github",
      action: "repos/create-deployment",
      status: 502,
    });

    expect(await deliver()).toMatchObject({
      deployment: { kind: "failed", trouble: { code: "server-error", scope: "repository", permanent: false } },
      issue: { kind: "unreached" },
    });
    expect(count("repos/create-deployment")).toBe(1);
  });

  it("may be read once more after a 5xx", async () => {
    github.sandbox.faults.add({
      kind: "error-before",
      service: "github",
      action: "issues/list-for-repo",
      status: 502,
      times: 1,
    });

    expect(await deliver()).toMatchObject({ issue: { kind: "shown" } });
    expect(count("issues/list-for-repo")).toBe(2);
  });

  it("is not that it was renamed: everything is shown, and the new name told", async () => {
    await deliver(aTask(aReport()));
    github.repo.rename("web");
    const fresh = await github.newNotifier().deliver(aTask(aFailure()), unlimited());
    const known = await deliver(aTask(aFailure({ deployment: "20261124t031500z-43" as never })));

    expect(fresh).toMatchObject({ movedTo: `${owner}/web`, check: { kind: "shown" }, issue: { kind: "shown" } });
    expect(known).toMatchObject({ check: { kind: "shown" }, issue: { kind: "shown" }, deployment: { kind: "shown" } });
    expect(github.repo.issues()).toHaveLength(1);
    expect(github.repo.checkRuns()).toHaveLength(3);
  });
});

describe("what concerns one place", () => {
  it("is a permission that is missing: the other places are shown", async () => {
    github = openGitHub({ permissions: { checks: "write", deployments: "write" } });

    const delivery = await deliver();
    expect(delivery).toMatchObject({
      check: { kind: "shown" },
      deployment: { kind: "shown" },
      issue: { kind: "failed", trouble: { code: "permission-missing", scope: "place", permanent: true } },
    });
    expect(delivery.issue?.kind === "failed" ? delivery.issue.trouble.message : "").toContain("issues=");
  });

  it("is all of them that are missing", async () => {
    github = openGitHub({ permissions: { actions: "read" } });

    expect(await deliver()).toMatchObject({ deployment: { trouble: { code: "permission-missing", scope: "github" } } });
  });

  it("is that issues are disabled, or one is locked", async () => {
    github.repo.setIssuesEnabled(false);
    expect(await deliver()).toMatchObject({
      check: { kind: "shown" },
      issue: { trouble: { code: "issues-disabled" } },
    });
    github.repo.setIssuesEnabled(true);
    await deliver(aTask(aFailure({ deployment: "20261124t031500z-43" as never })));
    github.repo.lockIssue(1);
    const next = aTask(aFailure({ deployment: "20261124t041500z-44" as never }), {
      issue: { want: "open", number: 1, mayExist: false },
    });

    expect(await deliver(next)).toMatchObject({
      check: { kind: "shown" },
      issue: { trouble: { code: "issue-locked" } },
    });
  });

  it.each(["0".repeat(40), "0000000"])("is that the commit %s is not there", async (commit) => {
    expect(await deliver(aTask(aFailure({ commit })))).toMatchObject({
      deployment: { trouble: { code: "commit-unknown", scope: "place", permanent: true } },
      check: { trouble: { code: "commit-unknown" } },
      issue: { kind: "shown" },
    });
  });
});

describe("a permit that ends", () => {
  it("leaves what was not written for later, and forgets nothing that was made", async () => {
    let writes = 0;
    const permit = {
      signal: new AbortController().signal,
      mayWrite: () => {
        writes += 1;
        return writes <= 1;
      },
    };
    const task = aTask(aFailure());
    const cut = await deliver(task, permit);

    expect(cut).toMatchObject({ sha, issue: { kind: "unreached" }, check: { kind: "unreached" } });
    expect(cut.deployment).toMatchObject({ kind: "failed", id: github.repo.deployments()[0]?.id });
    await deliver(again(task, cut));
    expect(github.repo.deployments()).toMatchObject([{ statuses: [{ state: "failure" }] }]);
    expect(github.repo.checkRuns()).toHaveLength(1);
  });

  it("before anything was asked for costs no request", async () => {
    const permit = { signal: AbortSignal.abort(), mayWrite: () => true };

    expect(await deliver(undefined, permit)).toMatchObject({
      deployment: { kind: "unreached" },
      check: { kind: "unreached" },
    });
    expect(github.sandbox.calls.count()).toEqual({});
  });
});

it("lets no secret out, wherever it stands", async () => {
  const body = "aB3dE5fG7hJ9".repeat(4);
  const canaries = [
    `ghs_1_${body}`,
    `AKIA${"IOSFODNN7EXAMPLE"}`,
    "hunter2-is-long",
    "s3cr3t-in-url",
    `eyJ${body}.eyJ${body}.${body}`,
  ];
  const text = [
    `token ${canaries[0]}`,
    `key ${canaries[1]}`,
    `password = "${canaries[2]}"`,
    `postgres://a:${canaries[3]}@db/x`,
    canaries[4],
  ].join("\n");
  await deliver(aTask(aReport({ stage: "waiting", waitingFor: text })));
  await deliver(aTask(aFailure({ failure: { code: "c", message: text, hint: text } })));

  const { repo } = github;
  const seen = JSON.stringify([github.sandbox.calls.entries, repo.checkRuns(), repo.issues(), repo.deployments()]);
  expect(seen).toContain("[redacted");
  for (const canary of canaries) expect(seen).not.toContain(canary);
  expect(repository).toBe("dga-web");
});
