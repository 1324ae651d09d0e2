import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { areasText, openAreas } from "./areas/open-areas.ts";

const OLD = areasText().replace('hours: "09:00-17:00"', 'hours: "08:00-17:00"');

function diff(text: string, ...args: readonly string[]) {
  const { folder, run } = openAreas();
  writeFileSync(join(folder, "new.yaml"), text);
  writeFileSync(join(folder, "windlass.yaml"), OLD);
  return run("mapping", "diff", "windlass.yaml", "new.yaml", ...args);
}

describe("windlass mapping diff", () => {
  it("says where nothing changes, however it is written", async () => {
    const written = OLD.replace("dga-network: { kind: terraform }", "dga-network: { kind: terraform, retries: 0 }");

    expect(await diff(written)).toEqual({ code: 0, error: "", out: "Nothing changes for any area.\n" });
  });

  it("says what changes, area by area", async () => {
    const text = OLD.replace('hours: "08:00-17:00"', 'hours: "10:00-16:00"')
      .replace("after: [dga-network],", "after: [dga-network], timeout: 90m,")
      .replace("  dga-web:", "  dga-api: { kind: terraform }\n  dga-web:");
    const { code, out } = await diff(text);

    expect(code).toBe(1);
    expect(out).toContain("staging: changed\n");
    expect(out).toContain("  ~ areas.production.window.hours: 08:00-17:00 -> 10:00-16:00\n");
    expect(out).toMatch(/ {2}[~+] images\.dga-site\.timeout: .*1h30m\n/);
    expect(out).toContain("  + images.dga-api.kind: terraform\n");
    expect(out).toContain("  + heads.dga-api: dga-api:production\n");
    expect(out.slice(0, out.indexOf("production: changed"))).not.toContain("window.hours");
  });

  it("tells of areas that come and go, and prints JSON", async () => {
    const text = OLD.replace("staging:", "test:");
    const { code, out } = await diff(text, "--json");

    expect(code).toBe(1);
    expect(JSON.parse(out)).toEqual({
      kind: "different",
      areas: [
        { area: "staging", kind: "removed", changes: [] },
        { area: "test", kind: "added", changes: [] },
      ],
    });
  });

  it("can not compare what is wrong", async () => {
    expect(await diff("version: 1")).toMatchObject({ code: 2, out: "" });
  });
});
