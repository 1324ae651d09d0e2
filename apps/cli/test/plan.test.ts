import { describe, expect, it } from "vitest";
import { areasText, openAreas } from "./areas/open-areas.ts";

const A = "a".repeat(40);
const FROZEN = areasText({ production: "freezes: [{ from: 2026-11-20, to: 2026-12-01, reason: audit }]" });

describe("windlass plan", () => {
  it("says what the next tick does, and that tick does it", async () => {
    const areas = openAreas({ openRegistry: true });
    areas.push("dga-network", "staging", A);

    const { code, out } = await areas.run("plan", "--area", "staging", "--json");

    expect(code).toBe(0);
    const planned = JSON.parse(out);
    const ticked = await areas.tick("staging");
    expect(planned).toMatchObject({ area: "staging", changes: true, headsFromLedger: [], unreadable: [] });
    expect(planned.actions.map(({ kind }: { kind: string }) => kind)).toEqual(ticked.actions.map(({ kind }) => kind));
    expect(planned.launched).toMatchObject([{ image: "dga-network", commit: A }]);
  });

  it("changes nothing", async () => {
    const areas = openAreas({ openRegistry: true });
    areas.push("dga-network", "staging", A);

    const { out } = await areas.run("plan", "--area", "staging");

    expect(out).toMatch(
      /^The next tick in staging:\n {2}dga-network aaaaaaa starts \((.*)\)\n {2}launch an instance for \1\n\nThen:\n {2}dga-network {2}deploying: launching/,
    );
    expect(areas.sandbox.account("333333333333").s3.keys("windlass-state-333333333333-ap-southeast-2")).toEqual([]);
    const writes = areas.callsOf("333333333333").filter(({ action }) => !/^(?:Get|List|Describe|Batch)/.test(action));
    expect(writes).toEqual([]);
  });

  it("takes the heads from the ledger where the registry lets only the area's roles look, and says so", async () => {
    const areas = openAreas();
    areas.push("dga-network", "staging", A);
    await areas.deploy("staging");
    areas.push("dga-network", "staging", "b".repeat(40));

    const { code, out } = await areas.run("plan", "--area", "staging");

    expect(code).toBe(0);
    expect(out).toMatch(
      /^The heads of 3 images are what the last tick saw: .*\nThe next tick in staging does nothing\.\n\nThen:\n {2}dga-network {2}live\n/,
    );
  });

  it("asks no registry where that is wanted", async () => {
    const areas = openAreas({ openRegistry: true });
    areas.push("dga-network", "staging", A);

    const { out } = await areas.run("plan", "--area", "staging", "--heads", "ledger", "--json");

    expect(JSON.parse(out)).toMatchObject({
      headsFromLedger: ["dga-network", "dga-site", "dga-web"],
      images: [{ image: "dga-network", reason: { kind: "no-head" } }, {}, {}],
    });
    expect(areas.callsOf("333333333333").filter(({ service }) => service === "ecr")).toEqual([]);
    expect(await areas.run("plan", "--area", "staging", "--heads", "git")).toMatchObject({ code: 2 });
  });

  it("says what these credentials could not read", async () => {
    const areas = openAreas({ openRegistry: true });
    areas.sandbox.faults.add({ kind: "error-before", service: "autoscaling", action: "DescribeAutoScalingGroups" });
    areas.push("dga-network", "staging", A);

    const { out } = await areas.run("plan", "--area", "staging");

    expect(out).toMatch(/^Could not be read: the deploy group: /);
    expect(out).toContain("dga-network  waiting: the deploy group could not be read\n");
  });
});

describe("windlass explain", () => {
  it("says why an image is not deployed, and what that rests on", async () => {
    const areas = openAreas({ mapping: FROZEN, openRegistry: true });
    areas.push("dga-site", "production", A);
    areas.push("dga-network", "production", A);
    await areas.tick("production");

    const { code, out } = await areas.run("explain", "dga-site", "--area", "production");

    expect(code).toBe(0);
    expect(out).toMatch(
      /^dga-site in production {2}waiting: dga-network first.*\n {2}dga-network {2}waiting: window opens 2026-12-02T09:00\+11:00 \(freeze: audit\)\n\n {2}head +aaaaaaa sha256:\w+, pushed 1m ago\n {2}live +nothing\n/,
    );
    expect(out).toContain("  + pause         the area is not paused\n  x dependencies  waiting: dga-network first");
    expect(out).toContain("  x freeze        waiting: window opens 2026-12-02T09:00+11:00 (freeze: audit)\n");
  });

  it("says that the next tick starts what nothing is in the way of", async () => {
    const areas = openAreas({ openRegistry: true });
    areas.push("dga-network", "staging", A);

    const { out } = await areas.run("explain", "dga-network", "--area", "staging", "--json");

    expect(JSON.parse(out)).toMatchObject({
      image: { image: "dga-network", standing: "waiting", reason: { kind: "ready" } },
      behind: [],
    });
  });

  it("tells of a failure with its links", async () => {
    const areas = openAreas();
    areas.push("dga-network", "staging", A);
    const id = await areas.deploy("staging", { outcome: "failed", exitCode: 1 });

    const { out } = await areas.run("explain", "dga-network", "--area", "staging", "--heads", "ledger");

    expect(out).toContain("dga-network in staging  quarantined: failed 1 of 1\n");
    expect(out).toMatch(new RegExp(`Last failure\\n {2}failed \\(${id}\\).*\\n.*console\\.aws\\.amazon\\.com`));
  });

  it("says which images there are where one is mistyped", async () => {
    const areas = openAreas();

    expect(await areas.run("explain", "dga-sit", "--area", "staging")).toMatchObject({
      code: 3,
      error: expect.stringContaining('did you mean "dga-site"?'),
    });
  });
});
