import type { Instant, Lease, Result } from "@windlass/deployment";
import { describe, expect, it } from "vitest";
import { AT, aDeployment, aLedger, digest, idOf, request, sliceOf } from "../test/records.ts";
import { type DeploymentInput, viewDeployment } from "./view-deployment.ts";

const result = {
  outcome: "succeeded",
  startedAt: "2026-11-24T02:00:40.000Z",
  steps: [{ step: "init", exitCode: 0, seconds: 4 }],
} as unknown as Result;

function view(change: Partial<DeploymentInput> = {}) {
  return viewDeployment({ slice: sliceOf(), area: "scratch", ledger: null, deployment: aDeployment(), ...change });
}

const events = ({ timeline }: ReturnType<typeof view>) => timeline.map(({ event }) => event);

describe("viewDeployment", () => {
  it("tells what happened, in order", () => {
    const deployment = aDeployment({
      startedBy: { ...request, at: "2026-11-24T01:59:00.000Z" as Instant },
      holder: { instance: "i-1", nonce: "n", at: "2026-11-24T02:00:30.000Z" as Instant },
      cancel: { ...request, at: "2026-11-24T02:01:00.000Z" as Instant },
      leaseExpiredSince: "2026-11-24T02:02:00.000Z" as Instant,
    });

    const shown = view({ deployment, result });

    expect(events(shown)).toEqual([
      ...["pushed", "decided", "allowed", "launched", "claimed", "began", "cancel-asked", "lease-expired", "ended"],
    ]);
    expect(shown.timeline.map(({ text }) => text)).toEqual(
      expect.arrayContaining([
        "kim allowed the start now: audit",
        "i-1 took the claim",
        "kim asked it to stop: audit",
        "succeeded",
      ]),
    );
    expect(shown).toMatchObject({ area: "scratch", instance: "i-1", steps: result.steps, untaken: null, exitCode: 0 });
  });

  it("tells nothing that has not happened", () => {
    const waiting = aDeployment({ state: "waiting", launchedAt: null, endedAt: null, pushedAt: null });

    expect(events(view({ deployment: waiting }))).toEqual(["decided"]);
  });

  it("tells how it ended, and why", () => {
    const failure = { code: "x", message: "no quota", hint: null };
    const last = (deployment: ReturnType<typeof aDeployment>) => view({ deployment }).timeline.at(-1)?.text;

    expect(last(aDeployment({ state: "failed", failure }))).toBe("failed: no quota");
    expect(last(aDeployment({ noop: true }))).toBe("succeeded: there was nothing to change");
  });

  it("says how far it is by its lease, and that a result waits for the next tick", () => {
    const running = aDeployment({ state: "running", endedAt: null, phase: "planning" });
    const lease = { phase: "applying", progress: "2/9", instance: "i-2" } as Lease;

    expect(view({ deployment: running, lease })).toMatchObject({ phase: "applying", progress: "2/9", instance: "i-2" });
    expect(view({ deployment: running, result })).toMatchObject({ phase: "planning", untaken: "succeeded" });
    expect(view({ deployment: running })).toMatchObject({ instance: null, untaken: null, steps: [] });
  });

  it("tells of each group of a refresh", () => {
    const one = { intentUntil: AT, refreshId: "r", status: "InProgress", percentage: 40, reason: null };
    const refresh = {
      stage: "rolling",
      groups: { "web-asg": one },
      previousDigest: digest("a"),
      failure: null,
    } as const;
    const deployment = aDeployment({ kind: "instance-refresh", refresh });

    const shown = view({ deployment });

    expect(shown.groups).toEqual([
      { group: "web-asg", stage: "rolling", status: "InProgress", percentage: 40, reason: null },
    ]);
    expect(shown.timeline.find(({ event }) => event === "launched")?.text).toBe("it was started");
  });

  it("tells where it is reported, as far as the ledger knows", () => {
    const place = { shown: "ended", tried: true, trouble: null } as const;
    const trouble = { code: "archived", message: "it is archived" };
    const report = {
      check: { ...place, id: 12 },
      deployment: { ...place, id: 3 },
      issue: { ...place, id: 5, shown: null, trouble },
      topic: null,
    };
    const ledger = aLedger({ reports: { [idOf(1)]: report as never } });
    const pages = "https://github.com/AusDTO/dga-network";

    expect(view({ ledger }).reports).toEqual([
      { place: "check", shown: "ended", id: 12, url: `${pages}/runs/12`, trouble: null },
      { place: "deployment", shown: "ended", id: 3, url: null, trouble: null },
      { place: "issue", shown: null, id: 5, url: `${pages}/issues/5`, trouble: "it is archived" },
    ]);
    expect(view({ ledger, slice: sliceOf("") }).reports[0]?.url).toBeNull();
    expect(view({ ledger: aLedger() }).reports).toEqual([]);
  });

  it("has no page of what was not made", () => {
    const check = { shown: null, id: null, tried: true, trouble: null };
    const ledger = aLedger({ reports: { [idOf(1)]: { check, deployment: null, issue: null, topic: null } as never } });

    expect(view({ ledger }).reports).toEqual([{ place: "check", shown: null, id: null, url: null, trouble: null }]);
  });
});
