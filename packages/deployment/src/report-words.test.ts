import { describe, expect, it } from "vitest";
import type { DeploymentReport } from "./deployment-report.ts";
import {
  areaTitle,
  describeBrokenLock,
  describeDuration,
  describeNext,
  describePlan,
  holdCommand,
  logsCommand,
  retryCommand,
} from "./report-words.ts";

function aReport(change: Partial<DeploymentReport>): DeploymentReport {
  const ended = { stage: "ended", image: "dga-web", area: "production", retryAt: null, startedAt: null, endedAt: null };
  return { ...ended, ...change } as DeploymentReport;
}

describe("the words of a report", () => {
  it("are an area's title and a plan's counts", () => {
    expect(areaTitle("production")).toBe("Production");
    expect(describePlan({ add: 3, change: 1, destroy: 0 })).toBe("+3 ~1 -0");
  });

  it.each([
    ["2026-11-24T02:15:00.000Z", "2026-11-24T02:17:30.400Z", "2 min 30 s"],
    ["2026-11-24T02:15:00.000Z", "2026-11-24T02:15:09.000Z", "9 s"],
    ["2026-11-24T02:15:00.000Z", null, null],
    [null, "2026-11-24T02:15:09.000Z", null],
  ])("are how long it took from %s to %s", (startedAt, endedAt, duration) => {
    expect(describeDuration(aReport({ startedAt, endedAt } as Partial<DeploymentReport>))).toBe(duration);
  });

  it.each<[Partial<DeploymentReport>, string]>([
    [{ stage: "waiting", waitingFor: "behind dga-site" }, "It waits: behind dga-site."],
    [{ stage: "waiting", waitingFor: null }, "It waits."],
    [{ stage: "running" }, "It is being deployed."],
    [{ retryAt: "2026-11-24T02:20:00.000Z" as never }, "It is tried again by itself, at 2026-11-24T02:20:00.000Z."],
    [{ outcome: "succeeded", isLive: true }, "It is live in Production."],
    [{ outcome: "succeeded", isLive: false }, "It was live; another deployment has taken its place."],
    [{ outcome: "superseded" }, "A newer head has taken its place before it began."],
    [{ outcome: "cancelled" }, "A person cancelled it."],
    [{ outcome: "state-unsaved" }, "dga-web is blocked in Production until a person has looked and unblocks it."],
    [{ outcome: "unknown" }, "dga-web is blocked in Production until a person has looked and unblocks it."],
    [{ outcome: "failed" }, "It is not tried again until there is a new head, or a person asks for it."],
  ])("say what becomes of %o next", (change, next) => {
    expect(describeNext(aReport(change))).toBe(next);
  });

  it("say that there was nothing to change", () => {
    const noop = aReport({ outcome: "succeeded", noop: true, isLive: true });

    expect(describeNext(noop)).toBe("There was nothing to change. It is live in Production.");
  });

  it("say whose lock was broken, and why that was right", () => {
    const brokenLock = { id: "4f0c", holder: "20261124t000000z-41" as never, created: null };

    expect(describeBrokenLock(aReport({ brokenLock }))).toBe(
      "It broke the state lock of 20261124t000000z-41, whose instance EC2 has confirmed terminated.",
    );
    expect(describeBrokenLock(aReport({ brokenLock: null }))).toBeNull();
  });

  it("name the command that mends it", () => {
    expect(retryCommand(aReport({ outcome: "failed" }))).toBe(
      'windlass retry dga-web --area production --reason "..."',
    );
    expect(retryCommand(aReport({ outcome: "state-unsaved" }))).toContain("windlass unblock dga-web");
    expect(retryCommand(aReport({ outcome: "unknown" }))).toContain("windlass unblock dga-web");
  });
});

describe("the commands for whoever takes care of it", () => {
  it("name the log, and the last good digest where there is one", () => {
    const report = aReport({ outcome: "failed" });

    expect(logsCommand(report)).toBe(`windlass logs ${report.deployment}`);
    expect(holdCommand({ ...report, lastGood: null })).toBeNull();
    expect(holdCommand({ ...report, lastGood: { digest: report.digest, commit: null } })).toBe(
      `windlass hold dga-web --area production --digest ${report.digest} --reason "..."`,
    );
  });
});
