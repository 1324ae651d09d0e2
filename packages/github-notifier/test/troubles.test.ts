import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  aFailure,
  aReport,
  aSuccess,
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

  it("is a limit whose reset GitHub tells by 429, too: not even a read is repeated", async () => {
    github.sandbox.faults.add({
      kind: "error-before",
      service: "github",
      action: "issues/list-for-repo",
      status: 429,
      times: 1,
    });

    expect(await deliver()).toMatchObject({
      issue: { kind: "failed", trouble: { code: "rate-limited", scope: "github", permanent: false, retryAfter: 60 } },
      check: { kind: "unreached" },
    });
    expect(count("issues/list-for-repo")).toBe(1);
  });

  it.each([
    ["repos/get", 403],
    ["issues/list-for-repo", 404],
    ["issues/list-for-repo", 410],
  ])("costs no more than one %s where that is %d", async (action, status) => {
    const [before, fault] = [count(action), { kind: "error-before", service: "github", status } as const];
    github.sandbox.faults.add({ ...fault, action });
    github.sandbox.faults.add({ ...fault, action: "checks/create", status: 403 });
    await deliver();

    expect(count(action) - before).toBe(1);
  });

  it("is told to the delivery that met it, and to none that is under way beside it", async () => {
    const held = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    const notifier = github.newNotifier({
      async fetch(input, init) {
        if (String(input).endsWith(`/${repository}/check-runs`)) {
          reached.resolve();
          await held.promise;
        }
        return github.sandbox.fetch(input, init);
      },
    });
    github.github.createRepository(owner, "other", { commits: [sha] });
    const unknown = notifier.deliver(aTask(aReport({ commit: "0".repeat(40) }), { deployment: null }), unlimited());
    await reached.promise;
    github.sandbox.faults.add({ kind: "throttle", service: "github", action: "repos/create-deployment", times: 1 });
    const limited = await notifier.deliver({ ...aTask(aReport()), repository: "other" }, unlimited());
    held.resolve();

    expect(limited).toMatchObject({ deployment: { trouble: { code: "rate-limited" } } });
    expect(await unknown).toMatchObject({ check: { trouble: { code: "commit-unknown" } } });
  });

  it("is an installation that is suspended, also while a token lives", async () => {
    const suspended = {
      kind: "failed",
      trouble: { code: "installation-suspended", scope: "github", permanent: true, retryAfter: null },
    };
    github.github.suspend(github.installationId);
    expect(await deliver()).toMatchObject({ deployment: suspended, issue: suspended, check: suspended });
    github.github.unsuspend(github.installationId);
    await deliver();
    github.github.suspend(github.installationId);

    const task = aTask(aFailure({ deployment: "20261124t031500z-43" as never }));
    expect(await deliver(task)).toMatchObject({ deployment: suspended, issue: suspended, check: suspended });
  });

  it("is an installation that was removed, which concerns what it covered", async () => {
    await deliver();
    github.github.uninstall(github.installationId);

    const task = aTask(aFailure({ deployment: "20261124t031500z-43" as never }));
    expect(await deliver(task)).toMatchObject({
      deployment: { trouble: { code: "not-installed", scope: "repository", permanent: true } },
      check: { trouble: { code: "not-installed" } },
    });
  });

  it("is that GitHub can not even say who the App is", async () => {
    const action = "apps/get-repo-installation";
    github.sandbox.faults.add({ kind: "error-before", service: "github", action, status: 503 });

    expect(await deliver()).toMatchObject({
      deployment: { trouble: { code: "server-error", scope: "github", permanent: false, retryAfter: null } },
      check: { kind: "unreached" },
    });
    expect(count(action)).toBe(2);
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

  it("may be read once more after a 5xx, and no more", async () => {
    const action = "issues/list-for-repo";
    const fault = { kind: "error-before", service: "github", action, status: 502 } as const;
    github.sandbox.faults.add({ ...fault, times: 1 });
    expect(await deliver()).toMatchObject({ issue: { kind: "shown" } });
    expect(count(action)).toBe(2);
    github.sandbox.faults.add(fault);

    expect(await deliver()).toMatchObject({
      issue: { trouble: { code: "server-error", scope: "repository", permanent: false } },
      check: { kind: "unreached" },
    });
    expect(count(action)).toBe(4);
  });

  it("gives each attempt its own time, so that one that took too long leaves some", async () => {
    const signals: (AbortSignal | null | undefined)[] = [];
    const notifier = github.newNotifier({
      fetch(input, init) {
        if (!String(input).includes("/issues?")) return github.sandbox.fetch(input, init);
        signals.push(init?.signal);
        return signals.length === 1 ? Promise.reject(new TypeError("lost")) : github.sandbox.fetch(input, init);
      },
    });

    expect(await notifier.deliver(aTask(aFailure()), unlimited())).toMatchObject({ issue: { kind: "shown" } });
    expect(new Set(signals).size).toBe(2);
  });

  const writes = ["repos/create-deployment", "repos/create-deployment-status", "issues/create", "checks/create"];
  const failures = [
    { kind: "error-before", status: 500 },
    { kind: "error-before", status: 429 },
    { kind: "error-before", code: "ECONNRESET" },
    { kind: "error-after", status: 502 },
    { kind: "error-after" },
    { kind: "throttle" },
  ] as const;
  it.each(writes.flatMap((action) => failures.map((fault) => ({ action, ...fault }))))(
    "is never written to twice: %o",
    async (fault) => {
      github.sandbox.faults.add({ service: "github", ...fault });
      await deliver();

      expect(count(fault.action)).toBe(1);
    },
  );

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

  it.each([
    ["checks", "check"],
    ["deployments", "deployment"],
    ["issues", "issue"],
  ] as const)(
    "is that %s are not permitted, also where that was taken away while a token lives",
    async (name, place) => {
      const others = { checks: "write", deployments: "write", issues: "write", [name]: "read" } as const;
      github = openGitHub({ permissions: others });
      const delivery = await deliver();

      const missing = { code: "permission-missing", scope: "place", permanent: true, retryAfter: null };
      for (const each of ["check", "deployment", "issue"] as const) {
        expect(delivery[each]).toMatchObject(each === place ? { kind: "failed", trouble: missing } : { kind: "shown" });
      }
    },
  );

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
      issue: { trouble: { code: "issue-locked", scope: "place", permanent: true, retryAfter: null } },
    });
  });

  it.each([{ retryAfter: 120 }, { retryAfter: null }])("is not a lock where it is a limit (%o)", async (fault) => {
    await deliver();
    github.repo.lockIssue(1);
    github.sandbox.faults.add({ kind: "throttle", service: "github", action: "issues/create-comment", ...fault });
    const next = aTask(aFailure({ deployment: "20261124t031500z-43" as never }));

    expect(await deliver(next)).toMatchObject({ issue: { trouble: { code: "rate-limited", permanent: false } } });
  });

  it("is that issues are disabled where one is to be closed", async () => {
    await deliver();
    github.repo.setIssuesEnabled(false);
    const mended = aTask(aSuccess(), { issue: { want: "closed", number: 1, mayExist: false } });

    expect(await deliver(mended)).toMatchObject({ issue: { kind: "failed", trouble: { code: "issues-disabled" } } });
  });

  it("is not an issue or a GitHub deployment that a person deleted", async () => {
    await deliver();
    github.repo.deleteIssue(1);
    const mended = aTask(aSuccess({ deployment: "20261124t031500z-43" as never }), {
      issue: { want: "closed", number: 1, mayExist: false },
      deployment: { id: null, mayExist: false, retire: 99 },
    });

    expect(await deliver(mended)).toMatchObject({ issue: { kind: "absent" }, deployment: { kind: "shown" } });
  });

  it.each(["0".repeat(40), "0000000"])("is that the commit %s is not there", async (commit) => {
    expect(await deliver(aTask(aFailure({ commit })))).toMatchObject({
      deployment: { kind: "failed", id: null, trouble: { code: "commit-unknown", scope: "place", permanent: true } },
      check: { trouble: { code: "commit-unknown" } },
      issue: { kind: "shown" },
    });
  });
});
