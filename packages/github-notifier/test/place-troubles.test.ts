import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aFailure, aSuccess, aTask, type OpenGitHub, openGitHub, sha, unlimited } from "./open-github.ts";

let github: OpenGitHub;
beforeEach(() => {
  github = openGitHub();
});
afterEach(() => {
  expect(github.github.violations()).toEqual([]);
});

const deliver = (task = aTask(aFailure()), permit = unlimited()) => github.notifier.deliver(task, permit);

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

  const refusing =
    (errors: readonly unknown[] | undefined) => async (input: string | URL | Request, init?: RequestInit) =>
      init?.method === "POST" && /\/(check-runs|deployments)$/.test(String(input))
        ? Response.json({ message: "Validation Failed", errors }, { status: 422 })
        : github.sandbox.fetch(input, init);

  it.each([
    [undefined, "commit-unknown"],
    [[{ resource: "CheckRun", field: "head_sha", code: "invalid" }], "commit-unknown"],
    [[{ resource: "Deployment", field: "ref", code: "invalid" }], "commit-unknown"],
    [[{ resource: "CheckRun", field: "details_url", code: "invalid" }], "refused"],
    [["No commit found for SHA: head_sha"], "refused"],
    [[{ resource: "Deployment", code: "custom", message: "no ref sha" }], "refused"],
  ] as const)("is a 422 with errors %j, which is %s", async (errors, code) => {
    const notifier = github.newNotifier({ fetch: refusing(errors) });

    const trouble = { code, scope: "place", permanent: true };
    expect(await notifier.deliver(aTask(aFailure()), unlimited())).toMatchObject({
      deployment: { kind: "failed", id: null, trouble },
      check: { kind: "failed", trouble },
      issue: { kind: "shown" },
    });
  });

  it("is not a check or a GitHub deployment that is gone: it is made anew, and found again", async () => {
    const gone = { id: 99, mayExist: false };
    const task = aTask(aFailure(), { sha, check: gone, deployment: { ...gone, retire: null } });
    for (let round = 0; round < 2; round += 1) {
      const delivery = await deliver(task);
      const [check] = github.repo.checkRuns();
      const [deployment] = github.repo.deployments();

      expect(delivery).toMatchObject({
        check: { kind: "shown", id: check?.id },
        deployment: { kind: "shown", id: deployment?.id },
      });
    }
    expect(github.repo.checkRuns()).toMatchObject([{ conclusion: "failure" }]);
    expect(github.repo.deployments()).toMatchObject([{ statuses: [{ state: "failure" }, { state: "failure" }] }]);
  });

  it("is not a GitHub deployment that has just been made and is not known everywhere yet", async () => {
    const action = "repos/create-deployment-status";
    github.sandbox.faults.add({ kind: "error-before", service: "github", action, status: 404, times: 1 });

    expect(await deliver()).toMatchObject({
      deployment: { kind: "failed", id: github.repo.deployments()[0]?.id },
    });
    expect(github.repo.deployments()).toHaveLength(1);
  });

  it.each([
    [403, "ECONNRESET"],
    [404, "ECONNRESET"],
  ])("is not for good where %d can not be explained, since the look fails by %s", async (status, code) => {
    const fault = { kind: "error-before", service: "github" } as const;
    github.sandbox.faults.add({ ...fault, action: "repos/create-deployment", status });
    github.sandbox.faults.add({ ...fault, action: "repos/get", code });

    expect(await deliver()).toMatchObject({
      deployment: { kind: "failed", id: null, trouble: { code: "refused", permanent: false } },
    });
  });
});
