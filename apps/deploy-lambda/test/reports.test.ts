import { describe, expect, it } from "vitest";
import { bucket, deployGroup } from "./support/names.ts";
import { openReportingArea, owner, type ReportingArea } from "./support/reporting-area.ts";
import { bootedRunner, runToEnd } from "./support/runner.ts";

const failure = {
  outcome: "failed" as const,
  exitCode: 1,
  failure: { code: "terraform-failed", message: "Error: no such bucket", hint: null },
};

/** One release from its push to its end, and the tick that sees it. */
async function deploy(
  area: ReportingArea,
  image: string,
  change: Parameters<typeof runToEnd>[1] = {},
): Promise<string> {
  const commit = area.release(image);
  await area.nextTick();
  await area.clock.advance(60_000);
  await runToEnd(area, change);
  await area.nextTick();
  return commit;
}

function expectFit({ github }: ReportingArea): void {
  expect(github.violations()).toEqual([]);
}

describe("a deployment", () => {
  it("is shown on GitHub and SNS from its start to its end, and leaves nothing in the ledger", async () => {
    const area = openReportingArea();
    const commit = await deploy(area, "dga-network");

    const repository = area.repositories["dga-network"];
    expect(repository?.checkRuns()).toMatchObject([
      { name: "Deploy to Scratch", headSha: commit, conclusion: "success" },
    ]);
    expect(repository?.deployments()).toMatchObject([
      { environment: "Scratch", sha: commit, statuses: [{ state: "in_progress" }, { state: "success" }] },
    ]);
    expect(repository?.issues()).toEqual([]);
    expect(area.sns.messages("start")).toMatchObject([
      { subject: `Deploying dga-network in Scratch #${commit.slice(0, 7)}` },
    ]);
    expect(area.sns.messages("finished")).toMatchObject([
      { subject: `Deployed dga-network in Scratch #${commit.slice(0, 7)}` },
    ]);
    expect(area.sns.messages("finished")[0]?.message).toContain(
      `https://github.com/${owner}/dga-network/commit/${commit}`,
    );
    expect(area.ledger()).toMatchObject({ reports: {}, deployments: {}, delivery: { until: null } });
    expectFit(area);
  });

  it("that fails opens an issue, and the next success closes it", async () => {
    const area = openReportingArea();
    await deploy(area, "dga-network", failure);
    const repository = area.repositories["dga-network"];
    expect(repository?.issues()).toMatchObject([{ title: "Deploy to Scratch Failed", state: "open" }]);
    expect(repository?.checkRuns()[0]?.detailsUrl).toBe(`https://github.com/${owner}/dga-network/issues/1`);
    expect(area.sns.messages("error")[0]?.message).toContain("Error: no such bucket");
    expect(area.image("dga-network")?.shown?.issue?.number).toBe(1);
    await deploy(area, "dga-network");

    expect(repository?.issues()).toMatchObject([{ state: "closed", comments: [{ author: "windlass[bot]" }] }]);
    expect(area.image("dga-network")?.shown).toMatchObject({ issue: null });
    expectFit(area);
  });

  it("that waits for its turn has a queued check", async () => {
    const area = openReportingArea({
      images: { "dga-network": { kind: "terraform" }, "dga-site": { kind: "terraform", after: ["dga-network"] } },
    });
    area.release("dga-site");
    area.release("dga-network");
    await area.nextTick();

    expect(area.repositories["dga-site"]?.checkRuns()).toMatchObject([
      { status: "queued", title: "dga-site: waiting" },
    ]);
    expect(area.repositories["dga-site"]?.deployments()).toEqual([]);
    expectFit(area);
  });

  it("costs a steady tick nothing, and at most eight requests from its queue to its failure", async () => {
    const area = openReportingArea({
      images: { "dga-network": { kind: "terraform" }, "dga-site": { kind: "terraform", after: ["dga-network"] } },
    });
    await deploy(area, "dga-network");
    area.release("dga-site");
    await area.nextTick();
    await area.clock.advance(60_000);
    await runToEnd(area);
    await area.nextTick();
    await area.nextTick();
    area.sandbox.calls.clear();
    await area.nextTick();
    expect(area.githubCalls()).toEqual({});
    expect(area.sandbox.calls.count()).not.toHaveProperty("s3:PutObject");

    // Queued behind the network, then launched, then failed.
    area.release("dga-network");
    area.release("dga-site");
    await area.nextTick();
    await area.clock.advance(60_000);
    const runner = await bootedRunner(area);
    await runner.claim();
    area.sandbox.calls.clear();
    await runner.phase("applying");
    await runner.finish();
    await runner.retire();
    await area.nextTick();
    await area.clock.advance(60_000);
    await runToEnd(area, failure);
    await area.nextTick();

    const site = area.sandbox.calls.entries.filter(
      ({ service, input }) => service === "github" && input["repo"] === "dga-site",
    );
    expect(area.repositories["dga-site"]?.issues()).toHaveLength(1);
    // One of the eight, the queued check, was made before counting began.
    expect(site.map(({ action }) => action).sort()).toEqual([
      "checks/update",
      "checks/update",
      "issues/create",
      "issues/list-for-repo",
      "repos/create-deployment",
      "repos/create-deployment-status",
      "repos/create-deployment-status",
    ]);
    expectFit(area);
  });
});

describe("GitHub", () => {
  it("never holds up or fails a deployment, whatever it does", async () => {
    const area = openReportingArea();
    area.sandbox.faults.add({ kind: "error-before", service: "github", code: "ECONNRESET" });
    area.sandbox.faults.add({ kind: "error-before", service: "sns", status: 500 });
    await deploy(area, "dga-network");

    expect(area.image("dga-network")?.live).not.toBeNull();
    expect(area.history()).toMatchObject([{ state: "succeeded" }]);
    const { notes } = await area.nextTick();
    expect(notes.map(({ code }) => code)).toContain("github-paused");
    area.sandbox.faults.clear();
    for (let tick = 0; tick < 20; tick += 1) await area.nextTick();
    expect(area.repositories["dga-network"]?.checkRuns()).toMatchObject([{ conclusion: "success" }]);
    expect(area.sns.messages("finished")).toHaveLength(1);
    expect(area.ledger().reports).toEqual({});
    expectFit(area);
  });

  it("that is down for a day is told everything on its return, the latest first, within its limits", async () => {
    const images = Object.fromEntries(
      Array.from({ length: 10 }, (_, index) => [`app-${index}`, { kind: "terraform" }]),
    );
    const area = openReportingArea({ images });
    const down = area.sandbox.faults.add({ kind: "error-before", service: "github", status: 503 });
    const launched: string[] = [];
    let largest = 0;
    for (let round = 0; round < 5; round += 1) {
      for (const image of Object.keys(images)) {
        const change = round === 4 && image === "app-3" ? failure : round === 1 ? failure : {};
        await deploy(area, image, change);
        largest = Math.max(largest, area.own.s3.read(bucket, "ledger.json")?.text.length ?? 0);
      }
    }
    expect(area.history()).toHaveLength(50);
    expect(area.group.group(deployGroup)).toMatchObject({ desired: 0 });
    expect(largest).toBeLessThan(256 * 1024);
    launched.push(...area.history().map(({ id }) => id));
    down();
    area.sandbox.calls.clear();
    // Long after the area's window has closed: reports have no window.
    for (let minute = 0; minute < 120; minute += 1) await area.nextTick();

    for (const repository of Object.values(area.repositories)) {
      expect(repository.checkRuns()).toHaveLength(5);
      expect(repository.checkRuns().every(({ status }) => status === "completed")).toBe(true);
      expect(
        repository
          .deployments()
          .map(({ statuses }) => statuses.at(-1)?.state)
          .filter((state) => state === "success").length,
      ).toBeLessThanOrEqual(1);
    }
    const [first] = area.repositories["app-3"]?.checkRuns() ?? [];
    expect(first?.externalId).toBe(
      launched.toSorted().findLast((id) => area.history().some((one) => one.id === id && one.image === "app-3")),
    );
    const issues = Object.values(area.repositories).flatMap((repository) => repository.issues());
    expect(issues).toMatchObject([{ state: "open" }]);
    const writes = area.sandbox.calls.entries.filter(
      ({ action, service }) => service === "github" && /create|update/.test(action) && !action.includes("token"),
    );
    for (const { at } of writes) {
      expect(writes.filter((one) => one.at >= at && one.at < at + 60_000).length).toBeLessThanOrEqual(80);
      expect(writes.filter((one) => one.at >= at && one.at < at + 3_600_000).length).toBeLessThanOrEqual(500);
    }
    expect(area.ledger().reports).toEqual({});
    expectFit(area);
  }, 120_000);

  it("that does not answer takes no more than its share of a tick, and is asked again later", async () => {
    const area = openReportingArea();
    const silent: typeof fetch = (_input, init) =>
      new Promise((_resolve, reject) => {
        const end = () => reject(new DOMException("aborted", "AbortError"));
        if (init?.signal?.aborted === true) end();
        else init?.signal?.addEventListener("abort", end);
      });
    const handler = area.newHandler(undefined, 0, silent);
    area.release("dga-network");

    const summary = await handler({}, { getRemainingTimeInMillis: () => 1_500 });
    expect(summary).toMatchObject({ lost: false, launched: [{ image: "dga-network" }] });
    expect(area.ledger().delivery.until).toBeNull();
    expect(area.sns.messages("start")).toHaveLength(1);
    for (let minute = 0; minute < 3; minute += 1) await area.nextTick();
    expect(area.repositories["dga-network"]?.checkRuns()).toHaveLength(1);
  });

  it("never learns a secret, and neither do the topics and the log", async () => {
    const area = openReportingArea();
    const body = "aB3dE5fG7hJ9".repeat(4);
    const canaries = [`ghs_1_${body}`, `AKIA${"IOSFODNN7EXAMPLE"}`, "hunter2-is-long", "s3cr3t-in-url"];
    const message = `token ${canaries[0]}\nkey ${canaries[1]}\npassword = "${canaries[2]}"\npostgres://a:${canaries[3]}@db/x`;
    await deploy(area, "dga-network", { ...failure, failure: { code: "terraform-failed", message, hint: message } });

    const repository = area.repositories["dga-network"];
    const sent = area.sandbox.calls.entries.filter(({ service }) => service === "github" || service === "sns");
    const seen = JSON.stringify([
      sent,
      repository?.issues(),
      repository?.checkRuns(),
      area.sns.messages("error"),
      area.logs,
    ]);
    expect(seen).toContain("[redacted");
    for (const canary of canaries) expect(seen).not.toContain(canary);
    const { privateKey } = area.app;
    expect(seen).not.toContain(privateKey.slice(40, 100));
  });

  it("that limits is left alone for as long as it says", async () => {
    const area = openReportingArea();
    area.sandbox.faults.add({
      kind: "throttle",
      service: "github",
      action: "repos/create-deployment",
      retryAfter: 600,
      times: 1,
    });
    area.release("dga-network");
    await area.nextTick();
    area.sandbox.calls.clear();
    const { notes } = await area.nextTick();
    expect(notes[0]).toMatchObject({
      code: "github-paused",
      message: expect.stringContaining("rate-limited") as string,
    });
    for (let minute = 0; minute < 8; minute += 1) await area.nextTick();

    expect(area.githubCalls()).toEqual({});
  });

  it("may have one repository archived without the others noticing", async () => {
    const area = openReportingArea({
      images: { "dga-network": { kind: "terraform" }, "dga-site": { kind: "terraform" } },
    });
    area.repositories["dga-network"]?.archive();
    await deploy(area, "dga-network");
    await deploy(area, "dga-site");

    expect(area.repositories["dga-site"]?.checkRuns()).toMatchObject([{ conclusion: "success" }]);
    const { notes } = await area.nextTick();
    expect(notes.map(({ code, image }) => `${code} ${image}`)).toEqual([
      "report-parked dga-network",
      "report-parked dga-network",
    ]);
    expect(notes[0]?.message).toContain("repository-archived");
    area.repositories["dga-network"]?.archive(false);
    for (let minute = 0; minute < 62; minute += 1) await area.nextTick();
    expect(area.repositories["dga-network"]?.checkRuns()).toMatchObject([{ conclusion: "success" }]);
    expectFit(area);
  });
});
