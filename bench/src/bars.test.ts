import { describe, expect, it, vi } from "vitest";
import { atMost, median, reportBars, round } from "./bars.ts";

describe("a bar", () => {
  it.each([
    [999.9, true],
    [1_000, true],
    [1_000.1, false],
  ])("of at most 1,000 ms with %d ms is met: %s", (measured, met) => {
    expect(atMost("tick", 1_000, { measured, unit: "ms" })).toMatchObject({ wanted: "at most 1,000 ms", met });
  });

  it("fails the whole report when it is not met", () => {
    const lines: string[] = [];
    vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(line));
    const good = atMost("tick", 2, { measured: 1, unit: "ms" });
    const bad = atMost("import", 2, { measured: 3, unit: "ms" });

    expect(reportBars([good])).toBe(true);
    expect(reportBars([good, bad])).toBe(false);
    expect(lines.at(-1)).toContain("NOT MET  import: wanted at most 2 ms, measured 3 ms");
  });
});

describe("the median", () => {
  it.each([
    [[5], 5],
    [[9, 1, 5], 5],
    [[4, 1, 3, 2], 2.5],
  ])("of %j is %d", (values, expected) => {
    expect(median(values)).toBe(expected);
  });
});

it("rounds small values to tenths, and large ones to whole ones", () => {
  expect([round(9.87), round(123.4)]).toEqual([9.9, 123]);
});
