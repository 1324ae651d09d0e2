import { describe, expect, it } from "vitest";
import { openAreas } from "./areas/open-areas.ts";

const A = "a".repeat(40);
const B = "b".repeat(40);
const failure = { code: "apply-failed", message: "no such subnet\nError: ...", hint: "look at the log" };

/** Staging had A, which succeeded, and B, which failed. */
async function openHistory() {
  const areas = openAreas();
  areas.push("dga-network", "staging", A);
  const good = await areas.deploy("staging");
  areas.push("dga-network", "staging", B);
  const bad = await areas.deploy("staging", { outcome: "failed", exitCode: 1, failure });
  return { ...areas, good, bad };
}

describe("windlass history", () => {
  it("lists what has ended, the newest first, with outcome, plan and why", async () => {
    const { run, good, bad } = await openHistory();

    const { code, out } = await run("history", "--area", "staging");

    expect(code).toBe(0);
    expect(out).toBe(
      [
        `2026-11-24 02:23:00\tstaging\tdga-network\tbbbbbbb\tfailed\t3m\t+2 ~1 -0\t${bad}\tno such subnet\n`,
        `2026-11-24 02:19:00\tstaging\tdga-network\taaaaaaa\tsucceeded\t3m\t+2 ~1 -0\t${good}\t\n`,
      ].join(""),
    );
  });

  it.each([
    [["--outcome", "failed"], [B]],
    [["--outcome", "failed", "succeeded", "--limit", "1"], [B]],
    [["--commit", "aaaa"], [A]],
    [["--image", "dga-web"], []],
    [["--since", "2026-11-24T02:19Z"], [B]],
    [["--until", "2026-11-24T02:19Z"], [A]],
    [["--until", "2026-11-24"], []],
  ])("filters by %j", async (args, commits) => {
    const { run } = await openHistory();

    const { out } = await run("history", "--json", "--area", "staging", ...args);

    expect(JSON.parse(out).areas[0].deployments.map((one: { commit: string }) => one.commit)).toEqual(commits);
  });

  it("reads no more of a long history than it prints", async () => {
    const { run, store, callsOf, good } = await openHistory();
    const record = await store("staging").readHistory(good);
    for (let number = 100; number < 300; number += 1) {
      const id = `20261101t000000z-${number}` as typeof good;
      await store("staging").appendHistory({ ...record!, id, epoch: number });
    }

    await run("history", "--area", "staging", "--limit", "5");

    expect(callsOf("333333333333").filter(({ action }) => action === "GetObject").length).toBeLessThan(40);
  });

  it.each([
    [["--outcome", "failure"], "--outcome is none"],
    [["--since", "yesterday"], "--since is no time"],
    [["--limit", "0"], "--limit is no number of deployments"],
  ])("refuses %j with 2", async (args, message) => {
    const { run } = await openHistory();

    expect(await run("history", ...args)).toMatchObject({ code: 2, out: "", error: expect.stringContaining(message) });
  });
});

describe("windlass show", () => {
  it("shows one deployment with its timeline, and finds the area by itself", async () => {
    const { run, bad } = await openHistory();

    const { code, out, error } = await run("show", bad);

    expect({ code, error }).toEqual({ code: 0, error: "" });
    expect(out).toMatch(/state +failed, attempt 1\n/);
    expect(out).toMatch(/failure +no such subnet\nError: \.\.\. \(apply-failed\)\nmend +look at the log\n/);
    expect(out).toMatch(/commit +https:\/\/github\.com\/AusDTO\/dga-network\/commit\/b{40}\n/);
    expect(out.slice(out.indexOf("Timeline"))).toMatch(
      /^Timeline \(UTC\)\n.* the image was pushed\n.* attempt 1 at this digest was decided\n.* an instance was asked for\n.* i-\w+ took the claim\n.* the runner began\n.* failed: no such subnet/,
    );
  });

  it("takes an image for its newest deployment", async () => {
    const { run, bad } = await openHistory();

    const { out } = await run("show", "dga-network", "--area", "staging", "--json");

    expect(JSON.parse(out)).toMatchObject({ deployment: bad, state: "failed", area: "staging", untaken: null });
  });

  it("shows a result that no tick has taken yet", async () => {
    const areas = openAreas();
    areas.push("dga-network", "staging", A);
    const { launched } = await areas.tick("staging");
    await areas.clock.advance(60_000);
    const runner = await areas.runner("staging", launched[0]!);
    await runner.claim();
    await runner.phase("applying", "3/3");
    await runner.finish();

    const { out } = await areas.run("show", launched[0]!);

    expect(out).toMatch(
      /state +launching \(applying 3\/3\), attempt 1\nwaits for +the next tick, which takes the result: succeeded\n/,
    );
    expect(out).toContain("  init        exit code 0, 3s\n");
  });

  it("says which deployments there are where one is mistyped, and ends with 3", async () => {
    const { run, bad } = await openHistory();

    const { code, error } = await run("show", bad.replace("t", "T").slice(0, -1), "--area", "staging");

    expect(code).toBe(3);
    expect(error).toContain(`did you mean "${bad}"?`);
    expect(error).toContain('"dga-network"');
  });

  it("asks for the area where two have such a deployment", async () => {
    const areas = openAreas();
    areas.push("dga-network", "staging", A);
    await areas.deploy("staging");
    areas.promote("dga-network", "staging", "production");
    await areas.deploy("production");

    expect(await areas.run("show", "dga-network")).toMatchObject({
      code: 2,
      error: expect.stringContaining("expected --area <area>, found dga-network in staging, production"),
    });
  });
});
