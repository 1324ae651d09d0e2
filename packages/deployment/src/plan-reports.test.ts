import { describe, expect, it } from "vitest";
import type { Ledger } from "./ledger.ts";
import { ARCHIVED, DOWN, ReportWorld } from "./testing/report-world.ts";
import { SITE_AFTER_NETWORK, sliceOf } from "./testing/slices.ts";
import { digest, World } from "./testing/world.ts";

const FULL = "c".repeat(40);

function open(images?: string, area?: string): ReportWorld {
  return new ReportWorld(new World(sliceOf(images, area)));
}

function push({ world }: ReportWorld, image: string, letter: string, commit: string | null = FULL): void {
  world.heads[image] = { kind: "head", head: { digest: digest(letter), commit, pushedAt: null } };
}

/** The active deployment runs and ends with that outcome; its reports follow in each tick. */
function run(reports: ReportWorld, outcome: "succeeded" | "failed" | "unknown" = "succeeded"): string {
  const { world } = reports;
  const { id } = world.started();
  world.claim(id, world.boot());
  reports.tick();
  world.lease(id, "applying");
  world.finish(id, { outcome, exitCode: outcome === "succeeded" ? 0 : 1 });
  reports.tick();
  return id;
}

/** So many minutes pass while a deployment runs. */
function keepRunning(reports: ReportWorld, minutes: number): void {
  const { world } = reports;
  const { id, holder } = world.started();
  if (holder === null) world.claim(id, world.boot());
  for (let minute = 0; minute < minutes; minute += 1) {
    world.lease(id, "planning");
    reports.tick();
  }
}

function shownOf({ world }: ReportWorld, image = "dga-network"): Ledger["images"][string]["shown"] | undefined {
  return world.ledger.images[image]?.shown;
}

describe("the reports of a deployment", () => {
  it("show its start, then its end, and then leave the ledger", () => {
    const reports = open();
    push(reports, "dga-network", "a");
    reports.tick();

    expect(reports.checks).toMatchObject([{ shown: "running" }]);
    expect(reports.deployments).toMatchObject([{ shown: "running" }]);
    const id = run(reports);

    expect(reports.checks).toMatchObject([{ of: id, shown: "ended" }]);
    expect(reports.deployments).toMatchObject([{ of: id, shown: "ended" }]);
    expect(reports.messages.map(({ stage }) => stage)).toEqual(["running", "ended"]);
    expect(reports.issues).toEqual([]);
    expect(reports.world.ledger).toMatchObject({ deployments: {}, reports: {}, delivery: { until: null } });
    expect(shownOf(reports)?.active).toEqual({ id: reports.deployments[0]?.id, deployment: id });
  });

  it("ask for nothing once everything is shown, and leave the ledger as it is", () => {
    const reports = open();
    push(reports, "dga-network", "a");
    reports.tick();
    run(reports);
    reports.tick();
    const before = reports.world.ledger;

    const { ledger, tasks } = reports.planReports();

    expect(tasks).toEqual([]);
    expect(ledger).toBe(before);
  });

  it("show a queued check while it waits, and none of a deployment that was superseded unseen", () => {
    const reports = open(undefined, 'window: { timezone: UTC, days: MON-SUN, hours: "09:00-10:00" }');
    push(reports, "dga-network", "a");
    reports.tick();
    expect(reports.checks).toMatchObject([{ shown: "waiting" }]);
    expect(reports.deployments).toEqual([]);

    push(reports, "dga-network", "b", "abc1234");
    reports.tick();
    expect(reports.checks).toMatchObject([{ shown: "ended" }]);

    push(reports, "dga-network", "c", "abc1235");
    reports.ticks(2);
    expect(reports.checks).toHaveLength(1);
    expect(Object.keys(reports.world.ledger.reports)).toHaveLength(1);
  });

  it("need a commit on GitHub, and no commit for issue and topic", () => {
    const reports = open();
    push(reports, "dga-network", "a", null);
    reports.tick();
    run(reports, "failed");

    expect(reports.checks).toEqual([]);
    expect(reports.deployments).toEqual([]);
    expect(reports.issues).toHaveLength(1);
    expect(reports.messages).toHaveLength(2);
  });

  it("keep the full commit that GitHub told", () => {
    const reports = open();
    push(reports, "dga-network", "a", "abc1234");
    reports.tick();

    expect(Object.values(reports.world.ledger.reports)).toMatchObject([{ sha: "f".repeat(40) }]);
  });

  it("are none where nobody is to be told, and go where that changes", () => {
    const reports = open();
    push(reports, "dga-network", "a");
    reports.tick();
    expect(Object.keys(reports.world.ledger.reports)).toHaveLength(1);
    reports.sinks = { github: false, topics: false };
    reports.tick();

    expect(reports.world.ledger.reports).toEqual({});
    run(reports);
    expect(reports.messages).toHaveLength(1);
  });

  it("go to topics alone where there is no GitHub", () => {
    const reports = open();
    reports.sinks = { github: false, topics: true };
    push(reports, "dga-network", "a");
    reports.tick();
    run(reports);

    expect(reports.writes).toEqual([]);
    expect(reports.messages).toHaveLength(2);
    expect(reports.world.ledger.reports).toEqual({});
  });

  it("go to the repository of the image's own name where the mapping knows it no more", () => {
    const reports = open();
    reports.sinks = { github: false, topics: false };
    push(reports, "dga-network", "a");
    reports.tick();
    reports.world.slice = sliceOf("\n  other: { kind: terraform }");
    reports.sinks = { github: true, topics: true };
    run(reports, "failed");

    expect(reports.issues).toHaveLength(1);
    expect(shownOf(reports)?.repository).toBe("dga-network");
  });

  it("are none of what was superseded before anybody was to be told", () => {
    const reports = open(undefined, 'window: { timezone: UTC, days: MON-SUN, hours: "09:00-10:00" }');
    reports.sinks = { github: false, topics: false };
    reports.world.crashBefore.add("append-history");
    push(reports, "dga-network", "a");
    reports.tick();
    push(reports, "dga-network", "b");
    reports.tick();
    reports.sinks = { github: true, topics: true };
    reports.tick();

    expect(Object.keys(reports.world.ledger.deployments)).toHaveLength(2);
    expect(reports.checks).toMatchObject([{ shown: "waiting" }]);
  });

  it("end as skipped where a waiting deployment's image is no longer mapped", () => {
    const reports = open(undefined, 'window: { timezone: UTC, days: MON-SUN, hours: "09:00-10:00" }');
    push(reports, "dga-network", "a");
    reports.tick();
    reports.world.slice = sliceOf("\n  other: { kind: terraform }");
    reports.tick();

    expect(reports.checks).toMatchObject([{ shown: "ended" }]);
    expect(reports.world.ledger.reports).toEqual({});
  });
});

describe("the issue of an image", () => {
  it("opens at a failure, is mentioned by each repeat once, and is closed by the next success", () => {
    const reports = open("\n  dga-network: { kind: terraform, retries: 1 }");
    push(reports, "dga-network", "a");
    reports.tick();
    const first = run(reports, "failed");
    expect(reports.issues).toMatchObject([{ open: true, mentions: [first] }]);
    expect(shownOf(reports)?.issue?.number).toBe(reports.issues[0]?.number);

    reports.ticks(2);
    const second = run(reports, "failed");
    expect(reports.issues).toMatchObject([{ open: true, mentions: [first, second] }]);

    push(reports, "dga-network", "b");
    reports.tick();
    const third = run(reports);
    expect(reports.issues).toMatchObject([{ open: false, mentions: [first, second, third] }]);
    expect(shownOf(reports)?.issue).toBeNull();
  });

  it("is not opened for an instance that got lost while the deployment is tried again", () => {
    const reports = open();
    push(reports, "dga-network", "a");
    reports.tick();
    for (let attempt = 1; attempt <= 4; attempt += 1) {
      const { world } = reports;
      const { id } = world.started();
      world.claim(id, world.boot());
      reports.tick();
      world.kill(world.group.instances[0]!.id);
      reports.ticks([3, 7, 17, 2][attempt - 1]!);
      expect(reports.issues).toHaveLength(attempt < 4 ? 0 : 1);
    }
  });

  it("is looked for by a success where an earlier tick may have opened it", () => {
    const reports = open();
    push(reports, "dga-network", "a");
    reports.tick();
    reports.mishap = (place) => (place === "issue" ? "dies" : "none");
    run(reports, "failed");
    expect(reports.issues).toMatchObject([{ open: true }]);
    reports.mishap = () => "none";
    push(reports, "dga-network", "b");
    reports.down = DOWN;
    reports.tick();
    run(reports);
    reports.down = null;
    reports.ticks(20);

    expect(reports.issues).toMatchObject([{ open: false }]);
    expect(reports.world.ledger.reports).toEqual({});
  });

  it("is not opened late for a failure that a success has mended meanwhile", () => {
    const reports = open();
    push(reports, "dga-network", "a");
    reports.tick();
    reports.down = DOWN;
    run(reports, "failed");
    push(reports, "dga-network", "b");
    reports.tick();
    run(reports);
    reports.down = null;
    reports.ticks(20);

    expect(reports.issues).toEqual([]);
    expect(reports.checks.map(({ shown }) => shown)).toEqual(["ended", "ended"]);
  });

  it("is not closed by an older success that is told late", () => {
    const reports = open();
    reports.down = DOWN;
    for (const [letter, outcome] of [
      ["a", "failed"],
      ["b", "succeeded"],
      ["c", "failed"],
    ] as const) {
      push(reports, "dga-network", letter);
      reports.tick();
      run(reports, outcome);
    }
    reports.down = null;
    reports.ticks(20);

    expect(reports.issues).toMatchObject([{ open: true }]);
    expect(reports.issues[0]?.mentions).toHaveLength(1);
    expect(reports.world.ledger.reports).toEqual({});
  });

  it("tells of an older failure that is told late, and stays the newest one's", () => {
    const reports = open();
    reports.down = DOWN;
    for (const letter of ["a", "b"]) {
      push(reports, "dga-network", letter);
      reports.tick();
      run(reports, "failed");
    }
    reports.down = null;
    reports.ticks(20);

    expect(reports.issues[0]?.mentions.map((id) => id.split("-")[1])).toEqual(["2", "1"]);
    expect(shownOf(reports)?.issue?.deployment).toMatch(/-2$/);
  });

  it("stays known while it can not be closed", () => {
    const reports = open();
    push(reports, "dga-network", "a");
    reports.tick();
    run(reports, "failed");
    push(reports, "dga-network", "b");
    reports.tick();
    reports.mishap = (place) => (place === "issue" ? "refused" : "none");
    run(reports);
    expect(shownOf(reports)?.issue?.number).toBe(reports.issues[0]?.number);

    reports.mishap = () => "none";
    reports.world.pass(60);
    reports.tick();
    expect(reports.issues).toMatchObject([{ open: false }]);
    expect(shownOf(reports)?.issue).toBeNull();
  });

  it("stays known by its repository only", () => {
    const reports = open();
    push(reports, "dga-network", "a");
    reports.tick();
    run(reports, "failed");
    reports.world.slice = sliceOf("\n  dga-network: { kind: terraform, github: elsewhere }");
    push(reports, "dga-network", "b");
    reports.tick();
    run(reports);

    expect(reports.issues).toMatchObject([{ open: true }]);
    expect(shownOf(reports)).toMatchObject({ repository: "elsewhere", issue: null });
  });
});

describe("what can not be delivered", () => {
  it("is parked for an hour where only a person can mend it, and told by every tick", () => {
    const reports = open();
    push(reports, "dga-network", "a");
    reports.mishap = (place) => (place === "check" ? "refused" : "none");
    reports.tick();
    const tried = reports.writes.length;

    const later = reports.tick().reports;
    keepRunning(reports, 1);
    expect(later.notes).toMatchObject([{ code: "report-parked", image: "dga-network" }]);
    expect(later.notes[0]?.message).toMatch(/^check of \S+ is parked: read only \(archived\); tried again at \S+Z$/);
    keepRunning(reports, 57);
    expect(reports.writes).toHaveLength(tried);
    reports.mishap = () => "none";
    keepRunning(reports, 1);
    expect(reports.checks).toMatchObject([{ shown: "running" }]);
  });

  it("is tried again soon where it may mend itself, less and less often", () => {
    const reports = open();
    push(reports, "dga-network", "a");
    reports.refusal = DOWN;
    reports.mishap = (place) => (place === "check" ? "refused" : "none");
    reports.tick();
    expect(reports.tick().reports.notes).toMatchObject([{ code: "report-delayed" }]);
    const before = reports.writes.length;
    keepRunning(reports, 40);

    expect(reports.writes.length - before).toBe(4);
  });

  it("waits for as long as GitHub asks to be left alone", () => {
    const reports = open();
    push(reports, "dga-network", "a");
    reports.down = { ...DOWN, code: "rate-limited", retryAfter: 600 };
    reports.tick();
    reports.down = null;
    const { notes } = reports.tick().reports;
    keepRunning(reports, 8);
    expect(notes).toMatchObject([{ code: "github-paused" }]);
    expect(reports.writes).toEqual([]);
    expect(reports.messages).toHaveLength(1);

    keepRunning(reports, 1);
    expect(reports.checks).toMatchObject([{ shown: "running" }]);
    expect(reports.world.ledger.delivery.pause).toBeNull();
  });

  it("is given up after thirty days", () => {
    const reports = open();
    push(reports, "dga-network", "a");
    reports.mishap = () => "refused";
    reports.refusal = ARCHIVED;
    reports.tick();
    run(reports, "failed");
    reports.world.pass(29 * 24 * 60);
    reports.tick();
    expect(Object.keys(reports.world.ledger.reports)).toHaveLength(1);
    reports.world.pass(24 * 60);
    const { notes } = reports.tick().reports;

    expect(notes).toMatchObject([{ code: "report-given-up", image: "dga-network" }]);
    expect(reports.world.ledger.reports).toEqual({});
  });

  it("is kept for the newest two hundred deployments", () => {
    const reports = open();
    reports.down = DOWN;
    for (let release = 0; release < 202; release += 1) {
      push(reports, "dga-network", release % 2 === 0 ? "a" : "b");
      reports.tick();
      run(reports);
    }

    expect(Object.keys(reports.world.ledger.reports).length).toBeLessThanOrEqual(200);
    expect(Object.keys(reports.world.ledger.reports).some((id) => id.endsWith("-202"))).toBe(true);
  });

  it("lets the newest of every image be shown before older ones", () => {
    const reports = open(SITE_AFTER_NETWORK);
    reports.down = DOWN;
    for (const letter of ["a", "b"]) {
      push(reports, "dga-network", letter);
      reports.tick();
      run(reports);
    }
    push(reports, "dga-site", "c");
    reports.tick();
    run(reports);
    reports.down = null;
    reports.world.pass(60);

    const order = reports.planReports().tasks.map(({ image, deployment }) => `${image} ${deployment.split("-")[1]}`);
    expect(order).toEqual(["dga-site 3", "dga-network 2", "dga-network 1"]);
  });
});

describe("what there is much of", () => {
  it("waits for what has ended and what runs", () => {
    const names = ["a", "b", "c"].map((name) => `\n  app-${name}: { kind: terraform }`);
    const reports = open(names.join(""));
    reports.down = DOWN;
    for (const name of ["a", "b", "c"]) push(reports, `app-${name}`, "a");
    reports.tick();
    run(reports, "failed");
    reports.down = null;
    reports.world.pass(5);

    const order = reports.planReports().tasks.map(({ stage }) => stage);
    expect(order).toEqual(["ended", "running", "waiting"]);
  });
});

describe("a tick that delivers", () => {
  it("is the only one until its intent ends, and is forgiven its death", () => {
    const reports = open();
    push(reports, "dga-network", "a");
    reports.mishap = () => "dies";
    reports.tick();
    expect(reports.deployments).toHaveLength(1);
    reports.mishap = () => "none";

    expect(reports.planReports().tasks).toEqual([]);
    reports.ticks(2);
    expect(reports.deployments).toMatchObject([{ shown: "running" }]);
    expect(reports.checks).toMatchObject([{ shown: "running" }]);
  });

  it("makes no more writes than GitHub takes, also when it dies before it could say how many it made", () => {
    const images = Array.from(
      { length: 120 },
      (_, index) => `\n  app-${index}: { kind: instance-refresh, groups: [g${index}] }`,
    );
    const reports = open(images.join(""));
    for (let index = 0; index < 120; index += 1) {
      reports.world.groupsOf[`app-${index}`] = [`g${index}`];
      push(reports, `app-${index}`, "a");
    }
    let calls = 0;
    reports.mishap = () => {
      calls += 1;
      return [30, 200, 400].includes(calls) ? "dies" : "none";
    };
    reports.ticks(90);

    const { writes } = reports;
    expect(writes.length).toBeGreaterThan(240);
    expect(reports.checks).toHaveLength(120);
    expect(reports.deployments).toHaveLength(120);
    for (const from of writes) {
      expect(writes.filter((at) => at >= from && at < from + 60_000).length).toBeLessThanOrEqual(80);
      expect(writes.filter((at) => at >= from && at < from + 3_600_000).length).toBeLessThanOrEqual(500);
    }
  });
});
