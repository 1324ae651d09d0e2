import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planReports } from "./plan-reports.ts";
import { recordDeliveries } from "./record-deliveries.ts";
import { ARCHIVED, DOWN, type Mishap, ReportWorld } from "./testing/report-world.ts";
import { sliceOf } from "./testing/slices.ts";
import { digest, World } from "./testing/world.ts";

const IMAGES = `
  net: { kind: terraform }
  site: { kind: terraform, after: [net], retries: 1 }
  web: { kind: instance-refresh, groups: [web-asg] }`;
const NAMES = ["net", "site", "web"] as const;
const RANK: Record<string, number> = { waiting: 1, running: 2, ended: 3 };

const event = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("tick" as const),
      mishaps: fc.array(fc.constantFrom<Mishap>("none", "none", "refused", "reply-lost", "dies"), { maxLength: 12 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("push" as const),
      image: fc.constantFrom(...NAMES),
      letter: fc.constantFrom("a", "b", "c"),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("run" as const),
      outcome: fc.constantFrom("succeeded", "failed", "unknown"),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      { kind: "refreshed" as const, status: "Successful" },
      { kind: "refreshed" as const, status: "Failed" },
    ),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("down" as const), down: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("unblock" as const), image: fc.constantFrom(...NAMES) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("pass" as const), minutes: fc.integer({ min: 1, max: 120 }) }),
  },
);
type Event = typeof event extends fc.Arbitrary<infer T> ? T : never;

function start(): ReportWorld {
  const world = new World(sliceOf(IMAGES));
  world.groupsOf["web"] = ["web-asg"];
  return new ReportWorld(world);
}

function happen(reports: ReportWorld, what: Event): void {
  const { world } = reports;
  switch (what.kind) {
    case "tick": {
      const mishaps = [...what.mishaps];
      reports.mishap = () => mishaps.pop() ?? "none";
      reports.refusal = what.mishaps.length % 2 === 0 ? ARCHIVED : DOWN;
      reports.tick();
      return;
    }
    case "push":
      world.heads[what.image] = {
        kind: "head",
        head: { digest: digest(what.letter), commit: what.letter.repeat(40), pushedAt: null },
      };
      return;
    case "run":
      run(world, what.outcome as "failed");
      return;
    case "refreshed":
      world.setRefresh("web-asg", what.status, 100);
      return;
    case "down":
      reports.down = what.down ? DOWN : null;
      return;
    case "unblock":
      world.control({ kind: "unblock", image: what.image });
      return;
    case "pass":
      world.pass(what.minutes);
      return;
  }
}

/** Whatever Terraform deployment is launched claims and ends. */
function run(world: World, outcome: "succeeded" | "failed" | "unknown"): void {
  const launched = Object.values(world.ledger.deployments).find(
    ({ id, kind, endedAt, launchedAt }) =>
      kind === "terraform" && endedAt === null && launchedAt !== null && world.runs.get(id)?.claim === null,
  );
  if (launched === undefined || world.group.desired === 0) return;
  if (world.claim(launched.id, world.boot()))
    world.finish(launched.id, { outcome, exitCode: outcome === "succeeded" ? 0 : 1 });
}

function expectNoDoubles({ checks, deployments, issues }: ReportWorld): void {
  for (const made of [checks, deployments]) expect(new Set(made.map(({ of }) => of)).size).toBe(made.length);
  for (const name of NAMES) {
    expect(issues.filter(({ image, open }) => open && image === name).length).toBeLessThanOrEqual(1);
  }
  for (const { mentions } of issues) expect(new Set(mentions).size).toBe(mentions.length);
}

function story(check: (reports: ReportWorld) => void, numRuns = 100): void {
  let delivered = 0;
  fc.assert(
    fc.property(fc.array(event, { minLength: 20, maxLength: 100 }), (events) => {
      const reports = start();
      for (const what of events) happen(reports, what);
      check(reports);
      delivered += reports.checks.length;
    }),
    { numRuns, seed: 11 },
  );
  expect(delivered).toBeGreaterThan(numRuns);
}

describe("reports, whatever happens", () => {
  it("never make anything twice", () => {
    story(expectNoDoubles);
  });

  it("never show an earlier stage after a later one", () => {
    fc.assert(
      fc.property(fc.array(event, { minLength: 20, maxLength: 80 }), (events) => {
        const reports = start();
        const shown = new Map<number, number>();
        for (const what of events) {
          happen(reports, what);
          for (const made of [...reports.checks, ...reports.deployments]) {
            const rank = RANK[made.shown] ?? 0;
            expect(rank).toBeGreaterThanOrEqual(shown.get(made.id) ?? 0);
            shown.set(made.id, rank);
          }
        }
      }),
      { numRuns: 100, seed: 5 },
    );
  });

  it("change nothing in what is deployed", () => {
    fc.assert(
      fc.property(fc.array(event, { minLength: 20, maxLength: 60 }), (events) => {
        const told = start();
        const untold = start();
        untold.sinks = { github: false, topics: false };
        for (const what of events) {
          happen(told, what);
          happen(untold, what);
          const { reports: _, delivery: __, images, updatedAt: ___, ...rest } = told.world.ledger;
          const { reports: ____, delivery: _____, images: others, updatedAt: ______, ...same } = untold.world.ledger;
          expect(rest).toEqual(same);
          for (const name of NAMES) expect({ ...images[name], shown: null }).toEqual({ ...others[name], shown: null });
        }
      }),
      { numRuns: 60, seed: 3 },
    );
  });

  it("are decided the same from the same, and change nothing that was passed in", () => {
    story((reports) => {
      const { ledger, slice, now } = reports.world;
      const frozen = JSON.stringify(ledger);
      const input = { slice, sinks: reports.sinks, now: new Date(now) };

      expect(planReports(ledger, input)).toEqual(planReports(ledger, input));
      expect(JSON.stringify(ledger)).toBe(frozen);
    }, 50);
  });

  it("are not undone by a round of another tick that is recorded late, or twice", () => {
    story((reports) => {
      reports.mishap = () => "none";
      const { world, sinks } = reports;
      const plan = reports.planReports();
      const now = new Date(world.now);
      const round = {
        until: plan.until ?? world.instant(),
        unusedWrites: 0,
        pause: null,
        delivered: plan.tasks.map((task) => ({
          task,
          sha: null,
          results: { check: { kind: "unreached" as const }, topic: { kind: "shown" as const, id: null } },
        })),
      };
      const once = recordDeliveries(plan.ledger, round, { sinks, now });
      expect(recordDeliveries(once, round, { sinks, now })).toEqual(once);
    }, 60);
  });
});

describe("reports, once faults stop", () => {
  it("are all delivered, and the issue of every image is open only where its last verdict was a failure", () => {
    let issues = 0;
    fc.assert(
      fc.property(
        fc.array(event, { minLength: 10, maxLength: 80 }),
        fc.constantFrom("succeeded", "failed"),
        (events, last) => {
          const reports = start();
          for (const what of events) happen(reports, what);
          settle(reports, last as "failed");

          expectNoDoubles(reports);
          const { ledger, history } = reports.world;
          // What waits for a failed dependency still waits, and is shown so.
          const waiting = Object.keys(ledger.deployments);
          expect(Object.keys(ledger.reports)).toEqual(waiting);
          expect(reports.planReports().tasks).toEqual([]);
          for (const made of [...reports.checks, ...reports.deployments]) {
            expect(made.shown).toBe(waiting.includes(made.of) ? "waiting" : "ended");
          }
          for (const name of NAMES) {
            const verdicts = [...history.values()]
              .filter(({ image, state }) => image === name && !["superseded", "cancelled"].includes(state))
              .toSorted((one, other) => one.epoch - other.epoch);
            const verdict = verdicts.at(-1)?.state;
            const open = reports.issues.some((issue) => issue.image === name && issue.open);
            issues += open ? 1 : 0;
            expect({ name, open }).toEqual({ name, open: verdict !== undefined && verdict !== "succeeded" });
          }
        },
      ),
      { numRuns: 60, seed: 9 },
    );
    expect(issues).toBeGreaterThan(10);
  });
});

/** Everything works from now on: what was started ends, well or not, and there is time for everything that was parked. */
function settle(reports: ReportWorld, outcome: "succeeded" | "failed"): void {
  reports.mishap = () => "none";
  reports.down = null;
  for (let tick = 0; tick < 80; tick += 1) {
    reports.world.pass(14);
    run(reports.world, outcome);
    reports.world.setRefresh("web-asg", outcome === "succeeded" ? "Successful" : "Failed", 100);
    reports.tick();
  }
}
