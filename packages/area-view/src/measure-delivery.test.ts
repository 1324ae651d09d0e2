import { type Instant, toInstant } from "@windlass/deployment";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aDeployment, digest, idOf } from "../test/records.ts";
import { measureDelivery } from "./measure-delivery.ts";

const FROM = new Date("2026-11-20T00:00:00Z");
const TO = new Date("2026-11-24T00:00:00Z");
const span = { from: FROM, to: TO };

function ended(epoch: number, at: string, change: Parameters<typeof aDeployment>[0] = {}) {
  const endedAt = `2026-11-${at}.000Z` as Instant;
  return aDeployment({ id: idOf(epoch), digest: digest(String(epoch % 10)), pushedAt: null, endedAt, ...change });
}

const pushed = (at: string) => ({ pushedAt: `2026-11-${at}.000Z` as Instant });

describe("measureDelivery", () => {
  it("measures nothing where nothing ended", () => {
    const running = aDeployment({ state: "running", endedAt: null });

    expect(measureDelivery([running], span)).toEqual({
      from: "2026-11-20T00:00:00.000Z",
      to: "2026-11-24T00:00:00.000Z",
      frequency: { succeeded: 0, perDay: 0 },
      leadTime: { count: 0, medianSeconds: null, p90Seconds: null, unmeasured: 0 },
      failures: { ended: 0, failed: 0, rate: null },
      restore: { count: 0, medianSeconds: null, p90Seconds: null, open: 0 },
      days: ["2026-11-20", "2026-11-21", "2026-11-22", "2026-11-23"].map((day) => ({
        day,
        succeeded: 0,
        failed: 0,
        leadMedianSeconds: null,
      })),
    });
  });

  it("counts how often, within the span", () => {
    const history = [
      ended(1, "19T23:59:59"),
      ended(2, "20T00:00:00"),
      ended(3, "23T23:59:59"),
      ended(4, "24T00:00:00"),
    ];

    const { frequency, days } = measureDelivery(history, span);

    expect(frequency).toEqual({ succeeded: 2, perDay: 0.5 });
    expect(days.map(({ succeeded }) => succeeded)).toEqual([1, 0, 0, 1]);
  });

  it("measures from the push of a digest to its first success, and no rollback", () => {
    const history = [
      ended(1, "20T01:00:00", pushed("20T00:00:00")),
      ended(2, "20T03:00:00", pushed("20T00:00:00")),
      ended(3, "21T00:10:00", pushed("21T00:00:00")),
      ended(4, "22T00:00:00", { ...pushed("20T00:00:00"), digest: digest("1") }),
      ended(5, "22T01:00:00"),
    ];

    const { leadTime, days } = measureDelivery(history, span);

    expect(leadTime).toEqual({ count: 3, medianSeconds: 3600, p90Seconds: 10_800, unmeasured: 2 });
    expect(days.map(({ leadMedianSeconds }) => leadMedianSeconds)).toEqual([3600, 600, null, null]);
  });

  it("counts as failed what a person has to look at, and leaves out what was taken back or is tried again", () => {
    const states = [
      "succeeded",
      "failed",
      "unknown",
      "state-unsaved",
      "lost",
      "never-started",
      "superseded",
      "cancelled",
    ] as const;
    const history = states.map((state, index) => ended(index + 1, `20T0${index}:00:00`, { state }));

    expect(measureDelivery(history, span).failures).toEqual({ ended: 4, failed: 3, rate: 0.75 });
  });

  it("measures from an image's first failure to its next success, and counts those that still fail", () => {
    const failed = { state: "failed" } as const;
    const history = [
      ended(1, "19T20:00:00", failed),
      ended(2, "20T00:00:00", failed),
      ended(3, "20T02:00:00"),
      ended(4, "21T00:00:00", { ...failed, image: "dga-web" }),
      ended(5, "21T01:00:00"),
    ];

    expect(measureDelivery(history, span).restore).toEqual({
      count: 1,
      medianSeconds: 6 * 3600,
      p90Seconds: 6 * 3600,
      open: 1,
    });
  });

  it("takes what ended at one moment in the order of the decisions", () => {
    const history = [ended(2, "20T00:00:00"), ended(1, "20T00:00:00", { state: "failed" })];

    expect(measureDelivery(history, span).restore).toMatchObject({ count: 1, medianSeconds: 0, open: 0 });
  });

  it("has no days of a span that is none", () => {
    const { days, frequency } = measureDelivery([], { from: TO, to: TO });

    expect({ days, frequency }).toEqual({ days: [], frequency: { succeeded: 0, perDay: 0 } });
  });

  const history = fc
    .array(
      fc.record({
        minute: fc.integer({ min: 0, max: 6 * 24 * 60 }),
        letter: fc.constantFrom("a", "b", "c"),
        image: fc.constantFrom("dga-web", "dga-site"),
        state: fc.constantFrom("succeeded", "failed", "unknown", "lost", "cancelled"),
        lead: fc.option(fc.nat(100_000), { nil: null }),
      }),
      { maxLength: 40 },
    )
    .map((records) =>
      records.map(({ minute, letter, image, state, lead }, index) => {
        const end = Date.UTC(2026, 10, 19) + minute * 60_000;
        const pushedAt = lead === null ? null : toInstant(new Date(end - lead * 1000));
        return aDeployment({
          id: idOf(index + 1),
          image,
          digest: digest(letter),
          state,
          pushedAt,
          endedAt: toInstant(new Date(end)),
        });
      }),
    );

  it("adds up, in whatever order the history comes", () => {
    fc.assert(
      fc.property(history, (deployments) => {
        const measures = measureDelivery(deployments, span);
        const { frequency, leadTime, failures, days, restore } = measures;

        expect(measureDelivery([...deployments].reverse(), span)).toEqual(measures);
        expect(leadTime.count + leadTime.unmeasured).toBe(frequency.succeeded);
        expect(failures.ended - failures.failed).toBe(frequency.succeeded);
        expect(days.reduce((sum, day) => sum + day.succeeded, 0)).toBe(frequency.succeeded);
        expect(days.reduce((sum, day) => sum + day.failed, 0)).toBe(failures.failed);
        expect(leadTime.medianSeconds ?? 0).toBeLessThanOrEqual(leadTime.p90Seconds ?? 0);
        expect(restore.open).toBeLessThanOrEqual(2);
      }),
    );
  });
});
