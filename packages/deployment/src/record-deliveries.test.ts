import { describe, expect, it } from "vitest";
import { parseLedger, serializeLedger } from "./ledger-file.ts";
import { type DeliveryRound, type PlaceResult, recordDeliveries } from "./record-deliveries.ts";
import { ReportWorld } from "./testing/report-world.ts";
import { digest, World } from "./testing/world.ts";

const SINKS = { github: true, topics: true };
const COMMIT = "c".repeat(40);

/** A launched deployment that a tick is about to show. */
function underWay() {
  const reports = new ReportWorld(new World());
  const { world } = reports;
  world.heads["dga-network"] = { kind: "head", head: { digest: digest("a"), commit: COMMIT, pushedAt: null } };
  world.amend = (ledger) => reports.planReports(ledger).ledger;
  const plan = reports.planReports(world.plan().ledger);
  const [task] = plan.tasks;
  if (task === undefined || plan.until === null) throw new Error("nothing is to be shown");
  const round = (results: Partial<Record<"check" | "deployment" | "topic", PlaceResult>>): DeliveryRound => ({
    until: plan.until!,
    unusedWrites: plan.writes - 1,
    delivered: [{ task, sha: null, results }],
    pause: null,
  });
  return { ledger: plan.ledger, task, round, now: new Date(world.now), until: plan.until };
}

describe("recordDeliveries", () => {
  it("gives back the writes that were not made, and ends the tick's own intent alone", () => {
    const { ledger, round, now } = underWay();
    const recorded = recordDeliveries(ledger, round({ check: { kind: "shown", id: 7 } }), { sinks: SINKS, now });
    expect(recorded.delivery).toMatchObject({ until: null, writes: 59 });

    const other = { ...round({ check: { kind: "shown", id: 7 } }), until: "2026-01-01T00:00:00.000Z" as never };
    expect(recordDeliveries(ledger, other, { sinks: SINKS, now }).delivery).toEqual(ledger.delivery);
  });

  it("forgets that it tried what it did not reach, or what was refused for good", () => {
    const { ledger, task, round, now } = underWay();
    const refused = { code: "archived", message: "m".repeat(500), permanent: true, retryAfter: null };
    const recorded = recordDeliveries(
      ledger,
      round({ check: { kind: "unreached" }, deployment: { kind: "failed", id: null, trouble: refused } }),
      { sinks: SINKS, now },
    );

    const report = recorded.reports[task.deployment]!;
    expect(ledger.reports[task.deployment]?.check).toMatchObject({ tried: true });
    expect(report.check).toMatchObject({ tried: false, trouble: null });
    expect(report.deployment).toMatchObject({ tried: false, trouble: { code: "archived", permanent: true } });
    expect(report.deployment?.trouble?.message).toHaveLength(300);
  });

  it("remembers that it tried where nobody knows whether it came to be", () => {
    const { ledger, task, round, now } = underWay();
    const lost = { code: "unreachable", message: "no reply", permanent: false, retryAfter: null };
    const recorded = recordDeliveries(ledger, round({ check: { kind: "failed", id: null, trouble: lost } }), {
      sinks: SINKS,
      now,
    });

    expect(recorded.reports[task.deployment]?.check).toMatchObject({ tried: true, trouble: { failures: 1 } });
  });

  it.each([Number.NaN, undefined, 0, -1, 1.5, 2 ** 60, "7"])(
    "takes %s for no id, so that the ledger stays one that can be read",
    (id) => {
      const { ledger, task, round, now } = underWay();
      const bad = { kind: "shown", id: id as number } as const;
      const failed = {
        kind: "failed",
        id: id as number,
        trouble: { code: "c", message: "m", permanent: false, retryAfter: null },
      } as const;
      const late = round({ check: bad, deployment: failed });
      const [delivered] = late.delivered;
      const opened = {
        ...delivered!,
        task: { ...task, places: { ...task.places, issue: { id: null, mayExist: false, want: "open" as const } } },
        results: { ...delivered?.results, issue: bad },
      };
      const recorded = recordDeliveries(ledger, { ...late, delivered: [opened] }, { sinks: SINKS, now });

      expect(parseLedger(serializeLedger(recorded), recorded)).toEqual(recorded);
      expect(recorded.reports[task.deployment]).toMatchObject({
        check: { id: null, shown: "running" },
        deployment: { id: null, tried: true },
      });
    },
  );

  it("keeps an id that is known when a later step fails, or says none", () => {
    const { ledger, task, round, now } = underWay();
    const made = recordDeliveries(ledger, round({ deployment: { kind: "shown", id: 7 } }), { sinks: SINKS, now });
    const lost = { code: "answer-unusable", message: "cut", permanent: false, retryAfter: null };
    const results: readonly PlaceResult[] = [
      { kind: "failed", id: null, trouble: lost },
      { kind: "shown", id: null },
      { kind: "unreached" },
    ];
    for (const deployment of results) {
      const recorded = recordDeliveries(made, round({ deployment }), { sinks: SINKS, now });
      expect(recorded.reports[task.deployment]?.deployment?.id).toBe(7);
    }
  });

  it("does not touch what another tick has begun to try since", () => {
    const { ledger, task, round, now } = underWay();
    const stolen = { ...ledger, delivery: { ...ledger.delivery, until: "2026-11-24T01:00:00.000Z" as never } };
    const refused = { code: "archived", message: "read only", permanent: true, retryAfter: null };
    const late = round({ check: { kind: "unreached" }, deployment: { kind: "failed", id: null, trouble: refused } });
    const recorded = recordDeliveries(stolen, late, { sinks: SINKS, now });

    expect(recorded.reports[task.deployment]?.check).toMatchObject({ tried: true });
    expect(recorded.reports[task.deployment]?.deployment).toMatchObject({ tried: true });
  });

  it("passes over what has left the ledger meanwhile", () => {
    const { ledger, round, now } = underWay();
    const gone = { ...ledger, reports: {}, images: {}, deployments: {} };
    const recorded = recordDeliveries(gone, round({ check: { kind: "shown", id: 7 } }), { sinks: SINKS, now });

    expect(recorded).toMatchObject({ reports: {}, images: {} });
  });

  it("counts one trouble in a row, and begins anew with another", () => {
    const { ledger, task, round, now } = underWay();
    const trouble = (code: string) => ({ code, message: "m", permanent: false, retryAfter: null });
    const failing = (code: string) => round({ check: { kind: "failed", id: null, trouble: trouble(code) } });
    const once = recordDeliveries(ledger, failing("one"), { sinks: SINKS, now });
    const twice = recordDeliveries(once, failing("one"), { sinks: SINKS, now });
    const other = recordDeliveries(twice, failing("other"), { sinks: SINKS, now });

    expect(twice.reports[task.deployment]?.check?.trouble).toMatchObject({ code: "one", failures: 2 });
    expect(other.reports[task.deployment]?.check?.trouble).toMatchObject({ code: "other", failures: 1 });
  });
});
