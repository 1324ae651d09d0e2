import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  aFailure,
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
