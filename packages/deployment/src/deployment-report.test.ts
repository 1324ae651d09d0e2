import { describe, expect, it } from "vitest";
import { makeReport } from "./deployment-report.ts";
import { epochOf } from "./identifiers.ts";
import { ReportWorld } from "./testing/report-world.ts";
import { digest, World } from "./testing/world.ts";

const LOG = "https://example.com/log";

describe("makeReport", () => {
  it("tells what a deployment waits for, and has no log to show yet", () => {
    const { world } = new ReportWorld(new World().push("dga-network", "a"));
    const { ledger, reasons } = world.plan();
    const [deployment] = Object.values(ledger.deployments);
    const reason = { ...reasons["dga-network"]!, kind: "waiting-turn" as const, behind: "dga-site" };

    expect(
      makeReport({ ledger, deployment: { ...deployment!, launchedAt: null }, stage: "waiting", reason, logUrl: LOG }),
    ).toMatchObject({ stage: "waiting", waitingFor: "behind dga-site", logUrl: null, outcome: null, lastGood: null });
    expect(
      makeReport({ ledger, deployment: deployment!, stage: "waiting", reason: undefined, logUrl: LOG }).waitingFor,
    ).toBeNull();
  });

  it("tells how it ended, when it is tried again, and what is live in its stead", () => {
    const reports = new ReportWorld(new World().push("dga-network", "a"));
    reports.tick();
    reports.world.run();
    reports.world.push("dga-network", "b");
    reports.tick();
    const { world } = reports;
    const { id } = world.started();
    world.claim(id, world.boot());
    reports.tick();
    reports.down = { code: "down", message: "down", permanent: false, retryAfter: null };
    world.kill(world.group.instances[0]!.id);
    reports.tick();

    const report = makeReport({
      ledger: world.ledger,
      deployment: world.history.get(id)!,
      stage: "ended",
      reason: undefined,
      logUrl: LOG,
    });
    expect(report).toMatchObject({
      deployment: id,
      outcome: "lost",
      attempt: 1,
      isLive: false,
      lastGood: { digest: digest("a") },
      logUrl: LOG,
    });
    expect(Date.parse(report.retryAt!)).toBeGreaterThan(Date.parse(report.endedAt!));
    expect(
      makeReport({ ...source(report.deployment), ledger: { ...world.ledger, reports: {}, images: {} } }),
    ).toMatchObject({ outcome: null, retryAt: null, lastGood: null });

    function source(of: typeof id) {
      return { deployment: world.history.get(of)!, stage: "ended" as const, reason: undefined, logUrl: LOG };
    }
  });
});

describe("epochOf", () => {
  it("reads the epoch out of an id", () => {
    expect(epochOf("20261124t000000z-42" as never)).toBe(42);
  });
});
