import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aFailure, aReport, aTask, type OpenGitHub, openGitHub, owner, unlimited } from "./open-github.ts";

let github: OpenGitHub;
beforeEach(() => {
  github = openGitHub();
});
afterEach(() => {
  expect(github.github.violations()).toEqual([]);
});

const deliver = (task = aTask(aFailure()), permit = unlimited()) => github.notifier.deliver(task, permit);
const count = (action: string) => github.sandbox.calls.count()[`github:${action}`] ?? 0;

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
