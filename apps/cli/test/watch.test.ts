import { describe, expect, it } from "vitest";
import { openAreas } from "./areas/open-areas.ts";

const A = "a".repeat(40);

/** Looks so many times; between two looks the area goes on. */
function watch(
  areas: ReturnType<typeof openAreas>,
  steps: readonly (() => Promise<unknown>)[],
  ...args: readonly string[]
) {
  const left = [...steps];
  const stop = new AbortController();
  const wait = async () => {
    const next = left.shift();
    if (next === undefined) stop.abort();
    else await next();
  };
  return areas.runWith({ wait, interrupted: stop.signal }, "watch", ...args);
}

describe("windlass watch", () => {
  it("prints a line for each change where there is no terminal, until it is interrupted", async () => {
    const areas = openAreas();
    areas.push("dga-network", "staging", A);

    const { code, out } = await watch(
      areas,
      [() => areas.tick("staging"), async () => undefined],
      ...["--area", "staging", "--image", "dga-network"],
    );

    expect(code).toBe(0);
    expect(out.split("\n")).toEqual([
      "2026-11-24 02:15:00\tstaging\tdga-network\tnone\t-\tno image carries this area's tag",
      expect.stringMatching(/^2026-11-24 02:16:00\tstaging\tdga-network\tdeploying\t-\tdeploying: launching/),
      "",
    ]);
  });

  it("draws the status over itself on a terminal", async () => {
    const areas = openAreas({ terminal: { interactive: true, columns: 100 }, env: { NO_COLOR: "1" } });

    const { out } = await watch(areas, [() => areas.tick("staging")], "--interval", "2");

    const screens = out.split("\u001b[H\u001b[J");
    expect(screens).toHaveLength(3);
    expect(screens[1]).toContain("no tick has run yet");
    expect(screens[2]).toContain("changed 0s ago");
    expect(screens[2]).toContain("2026-11-24 02:16:00 UTC, again every 2 s. Ctrl-C ends it.\n");
  });

  it("prints the status as a line of JSON when something has changed, and not when nothing has", async () => {
    const areas = openAreas();
    areas.push("dga-network", "staging", A);

    const { out } = await watch(areas, [async () => undefined, () => areas.tick("staging")], "--json");

    const lines = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.map(({ areas: [staging] }) => staging.images[0].standing)).toEqual(["none", "deploying"]);
  });

  it("goes on while an area can not be looked at, and asks anew who it is", async () => {
    const areas = openAreas();
    const allow = areas.sandbox
      .account("333333333333")
      .s3.deny({ role: "operator", prefix: "", actions: ["GetObject"] });

    const { out } = await watch(areas, [async () => allow()], "--area", "staging", "--image", "dga-web");

    expect(out.split("\n")).toEqual([
      expect.stringMatching(/staging\t-\tunreadable\t-\tstaging .*\(no-permission\)/),
      expect.stringMatching(/staging\tdga-web\tnone/),
      "",
    ]);
  });

  it.each(["0", "-1", "soon", "4000"])("refuses an interval of %s", async (interval) => {
    expect(await openAreas().run("watch", "--interval", interval)).toMatchObject({ code: 2, out: "" });
  });
});
