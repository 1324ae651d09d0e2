import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  aFailure,
  aReport,
  aSuccess,
  aTask,
  type OpenGitHub,
  openGitHub,
  owner,
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

const calls = () => github.sandbox.calls.count();
const total = () => Object.values(calls()).reduce((sum, count) => sum + count, 0);

describe("a deployment that goes", () => {
  it("is shown as waiting by a queued check alone", async () => {
    const report = aReport({ stage: "waiting", waitingFor: "dga-network first", startedAt: null, logUrl: null });
    const delivery = await github.notifier.deliver(aTask(report), unlimited());

    expect(delivery).toMatchObject({ check: { kind: "shown" }, deployment: null, issue: null, sha });
    expect(github.repo.checkRuns()).toMatchObject([
      { name: "Deploy to Production", status: "queued", externalId: report.deployment, title: "dga-web: waiting" },
    ]);
    expect(github.repo.checkRuns()[0]?.summary).toContain("It waits: dga-network first.");
  });

  it("is shown as a check in progress and a GitHub deployment", async () => {
    const delivery = await github.notifier.deliver(aTask(aReport()), unlimited());

    const [check] = github.repo.checkRuns();
    const [deployment] = github.repo.deployments();
    expect(delivery).toMatchObject({ check: { id: check?.id }, deployment: { id: deployment?.id } });
    expect(check).toMatchObject({ status: "in_progress", headSha: sha, detailsUrl: aReport().logUrl });
    expect(deployment).toMatchObject({
      sha,
      environment: "Production",
      task: "deploy",
      production: true,
      payload: { windlass: { deployment: "20261124t021500z-42", image: "dga-web", area: "production" } },
      statuses: [{ state: "in_progress", logUrl: aReport().logUrl }],
    });
  });

  it("learns the full commit from the GitHub deployment", async () => {
    const delivery = await github.notifier.deliver(aTask(aReport({ commit: sha.slice(0, 9) })), unlimited());

    expect(delivery.sha).toBe(sha);
    expect(github.repo.checkRuns()).toMatchObject([{ headSha: sha }]);
    const waiting = aReport({ stage: "waiting", commit: sha.slice(0, 9) });
    expect(await github.notifier.deliver(aTask(waiting), unlimited())).toMatchObject({ check: { kind: "unreached" } });
  });

  it("succeeds, is active, and the one before it is not any more", async () => {
    const first = await github.notifier.deliver(aTask(aSuccess()), unlimited());
    const retire = first.deployment?.kind === "shown" ? first.deployment.id : 0;
    const next = aSuccess({ deployment: "20261124t031500z-43" as never });
    await github.notifier.deliver(aTask(next, { deployment: { id: null, mayExist: false, retire } }), unlimited());

    expect(github.repo.checkRuns()[0]).toMatchObject({ conclusion: "success", title: "dga-web: succeeded (+3 ~1 -0)" });
    expect(github.repo.deployments().map(({ statuses }) => statuses.map(({ state }) => state))).toEqual([
      ["success", "inactive"],
      ["success"],
    ]);
    const late = aSuccess({ deployment: "20261124t041500z-41" as never, isLive: false });
    await github.notifier.deliver(aTask(late), unlimited());
    expect(github.repo.deployments()[2]?.statuses.at(-1)?.state).toBe("inactive");
  });

  it.each([
    ["failed", "failure", "failure"],
    ["lost", "failure", "error"],
    ["never-started", "failure", "error"],
    ["unknown", "failure", "error"],
    ["state-unsaved", "failure", "error"],
    ["cancelled", "cancelled", "inactive"],
    ["superseded", "skipped", "inactive"],
  ] as const)("%s shows as a check that is %s and a deployment that is %s", async (outcome, conclusion, state) => {
    await github.notifier.deliver(aTask(aFailure({ outcome }), { issue: null }), unlimited());

    expect(github.repo.checkRuns()).toMatchObject([{ status: "completed", conclusion }]);
    expect(github.repo.deployments()[0]?.statuses).toMatchObject([{ state }]);
  });

  it("had nothing to change, which its check and the issue that it closes say", async () => {
    await github.notifier.deliver(aTask(aFailure()), unlimited());
    const noop = aSuccess({ deployment: "20261124t031500z-43" as never, noop: true });
    await github.notifier.deliver(aTask(noop, { issue: { want: "closed", number: 1, mayExist: false } }), unlimited());

    expect(github.repo.checkRuns()[1]).toMatchObject({
      title: "dga-web: succeeded (nothing to change)",
      summary: expect.stringContaining("There was nothing to change. It is live in Production."),
    });
    expect(github.repo.issues()[0]?.comments[0]?.body).toContain(
      "`dga-web` was deployed to Production. There was nothing to change.",
    );
  });

  it.each([
    ["a success", aSuccess],
    ["a failure", aFailure],
  ])("broke a dead deployment's lock and has notes, which its check and issue say: %s", async (_, ended) => {
    await github.notifier.deliver(aTask(aFailure()), unlimited());
    const report = ended({
      deployment: "20261124t031500z-43" as never,
      brokenLock: { id: "4f0c", holder: "20261124t001500z-41" as never, created: null },
      notes: ["Part of the log is left out."],
    });
    const want = report.outcome === "succeeded" ? "closed" : "open";
    await github.notifier.deliver(aTask(report, { issue: { want, number: 1, mayExist: false } }), unlimited());

    const texts = [github.repo.checkRuns()[1]?.summary, github.repo.issues()[0]?.comments[0]?.body];
    for (const text of texts) {
      expect(text).toContain("the state lock of 20261124t001500z-41, whose instance EC2 has confirmed terminated");
      expect(text).toContain("```text\nPart of the log is left out.\n```");
    }
  });

  it("names the image where the repository has another name", async () => {
    const report = aFailure({ image: "dga-assets", area: "scratch" });
    await github.notifier.deliver(aTask(report), unlimited());

    expect(github.repo.checkRuns()[0]?.name).toBe("Deploy to Scratch (dga-assets)");
    expect(github.repo.deployments()[0]).toMatchObject({ task: "deploy:dga-assets", production: false });
    expect(github.repo.issues()[0]?.title).toBe("Deploy to Scratch Failed (dga-assets)");
  });
});

describe("a failure", () => {
  it("opens an issue that says what to do, and the check links to it", async () => {
    await github.notifier.deliver(aTask(aFailure()), unlimited());

    const [issue] = github.repo.issues();
    expect(issue).toMatchObject({ title: "Deploy to Production Failed", labels: ["windlass"], state: "open" });
    expect(issue?.body).toContain("```text\nError: no such bucket\n```");
    expect(issue?.body).toContain("Plan: `+3 ~1 -0`");
    expect(issue?.body).toContain("windlass logs 20261124t021500z-42\n");
    expect(issue?.body).toContain('windlass retry dga-web --area production --reason "..."');
    expect(issue?.body).toContain(
      `windlass hold dga-web --area production --digest sha256:${"ab".repeat(32)} --reason "..."`,
    );
    expect(github.repo.checkRuns()[0]?.detailsUrl).toBe(`https://github.com/${owner}/dga-web/issues/1`);
  });

  it("costs at most eight requests from the queue to its end, once the token is there", async () => {
    await github.notifier.deliver(aTask(aReport({ stage: "waiting" })), unlimited());
    github.sandbox.calls.clear();
    const other = { deployment: "20261124t031500z-43" as never };
    const waiting = await github.notifier.deliver(aTask(aReport({ stage: "waiting", ...other })), unlimited());
    const check = { id: waiting.check?.kind === "shown" ? waiting.check.id : null, mayExist: false };
    const running = await github.notifier.deliver(aTask(aReport(other), { check, sha: waiting.sha }), unlimited());
    const id = running.deployment?.kind === "shown" ? running.deployment.id : null;
    await github.notifier.deliver(
      aTask(aFailure(other), { check, sha: running.sha, deployment: { id, mayExist: false, retire: null } }),
      unlimited(),
    );

    expect(calls()).toEqual({
      "github:checks/create": 1,
      "github:repos/create-deployment": 1,
      "github:repos/create-deployment-status": 2,
      "github:checks/update": 2,
      "github:issues/list-for-repo": 1,
      "github:issues/create": 1,
    });
    expect(total()).toBe(8);
  });

  it("that comes again is one more comment in the same issue", async () => {
    const first = await github.notifier.deliver(aTask(aFailure()), unlimited());
    const number = first.issue?.kind === "shown" ? first.issue.id : null;
    const next = aFailure({ deployment: "20261124t031500z-43" as never });
    for (const issue of [number, null]) {
      await github.notifier.deliver(
        aTask(next, {
          check: null,
          deployment: null,
          issue: { want: "open", number: issue, mayExist: issue === null },
        }),
        unlimited(),
      );
    }

    expect(github.repo.issues()).toMatchObject([{ number, comments: [{ author: "windlass[bot]" }] }]);
    expect(github.repo.issues()[0]?.comments[0]?.body).toContain("20261124t031500z-43");
  });

  it("opens again what a person had closed, and makes a new issue of one that a person deleted", async () => {
    await github.notifier.deliver(aTask(aFailure()), unlimited());
    github.repo.closeIssue(1);
    const issue = { want: "open" as const, number: 1, mayExist: false };
    const next = aFailure({ deployment: "20261124t031500z-43" as never });
    await github.notifier.deliver(aTask(next, { check: null, deployment: null, issue }), unlimited());
    expect(github.repo.issues()).toMatchObject([{ state: "open", comments: [{}] }]);
    github.repo.deleteIssue(1);
    const last = aFailure({ deployment: "20261124t041500z-44" as never });
    const delivery = await github.notifier.deliver(aTask(last, { check: null, deployment: null, issue }), unlimited());

    expect(delivery.issue).toEqual({ kind: "shown", id: 2 });
  });

  it("leaves other issues alone, and closes doubles of its own", async () => {
    const marker = "<!-- windlass:issue workload=dataGov area=production image=dga-web -->";
    github.repo.openIssue({ title: "a person's", labels: ["windlass"] });
    github.repo.openIssue({ title: "one", body: marker, labels: ["windlass"] });
    github.repo.openIssue({ title: "two", body: marker, labels: ["windlass"] });
    github.repo.openIssue({ title: "other image", body: marker.replace("dga-web", "dga-site"), labels: ["windlass"] });
    const delivery = await github.notifier.deliver(aTask(aFailure()), unlimited());

    expect(delivery.issue).toEqual({ kind: "shown", id: 2 });
    expect(github.repo.issues().map(({ state }) => state)).toEqual(["open", "open", "closed", "open"]);
  });

  it("is found among a thousand issues", async () => {
    const marker = "<!-- windlass:issue workload=dataGov area=production image=dga-web -->";
    github.repo.openIssue({ title: "mine", body: marker, labels: ["windlass"] });
    for (let count = 0; count < 250; count += 1) github.repo.openIssue({ title: "x", labels: ["windlass"] });

    expect(await github.notifier.deliver(aTask(aFailure()), unlimited())).toMatchObject({ issue: { id: 1 } });
  });
});

describe("a success after a failure", () => {
  const close = (number: number | null, mayExist = false) =>
    aTask(aSuccess({ deployment: "20261124t031500z-43" as never }), {
      check: null,
      deployment: null,
      issue: { want: "closed", number, mayExist },
    });

  it("says so in the issue and closes it", async () => {
    await github.notifier.deliver(aTask(aFailure()), unlimited());
    expect(await github.notifier.deliver(close(1), unlimited())).toMatchObject({ issue: { kind: "shown", id: 1 } });

    const [issue] = github.repo.issues();
    expect(issue).toMatchObject({ state: "closed", stateReason: "completed", comments: [{}] });
    expect(issue?.comments[0]?.body).toContain("`dga-web` was deployed to Production.");
  });

  it("looks for an issue whose number got lost, and takes none for an answer", async () => {
    expect(await github.notifier.deliver(close(null, true), unlimited())).toMatchObject({ issue: { kind: "absent" } });
    await github.notifier.deliver(aTask(aFailure()), unlimited());
    await github.notifier.deliver(close(null, true), unlimited());
    await github.notifier.deliver(close(null, true), unlimited());

    expect(github.repo.issues()).toMatchObject([{ state: "closed", comments: [{}] }]);
  });

  it("has nothing to close where a person deleted the issue", async () => {
    await github.notifier.deliver(aTask(aFailure()), unlimited());
    github.repo.deleteIssue(1);

    for (const number of [1, 99]) {
      expect(await github.notifier.deliver(close(number), unlimited())).toMatchObject({ issue: { kind: "absent" } });
    }
  });

  it("closes an issue that a person locked, without a comment", async () => {
    await github.notifier.deliver(aTask(aFailure()), unlimited());
    github.repo.lockIssue(1);

    expect(await github.notifier.deliver(close(1), unlimited())).toMatchObject({ issue: { kind: "shown", id: 1 } });
    expect(github.repo.issues()).toMatchObject([{ state: "closed", comments: [] }]);
  });

  it("says so where GitHub forbids the comment for another reason", async () => {
    await github.notifier.deliver(aTask(aFailure()), unlimited());
    github.sandbox.faults.add({
      kind: "error-before",
      service: "github",
      action: "issues/create-comment",
      status: 403,
      times: 1,
    });

    expect(await github.notifier.deliver(close(1), unlimited())).toMatchObject({ issue: { kind: "failed" } });
  });
});
