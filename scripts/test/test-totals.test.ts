import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { describeSkipped, readResults, sumResults, totalsLine } from "../test-totals.mjs";

let base: string;

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "windlass-totals-"));
});

afterEach(() => {
  rmSync(base, { recursive: true });
});

describe("the results of a folder", () => {
  it("are counted from each test's own status, whatever the report's sums say", () => {
    writeReport("a", [file([test("x", "passed"), test("y", "failed"), test("z", "skipped"), test("w", "todo")])]);

    expect(readResults(base, "a")).toMatchObject({ passed: 1, failed: 1, skipped: 2, problems: [] });
  });

  it("are one failure where there is no report", () => {
    expect(readResults(base, "a")).toMatchObject({ passed: 0, failed: 1, problems: ["its tests did not run"] });
  });

  it("are one failure where the report was cut off", () => {
    mkdirSync(join(base, "a"));
    writeFileSync(join(base, "a", "test-results.json"), '{"testResults": [');

    expect(readResults(base, "a").failed).toBe(1);
    expect(readResults(base, "a").problems[0]).toContain("can not be read");
  });

  it("are one failure where there are no tests at all", () => {
    writeReport("a", []);

    expect(readResults(base, "a")).toMatchObject({ failed: 1, problems: ["it has no tests"] });
  });

  it("count a file that could not be loaded as failed", () => {
    const broken = { ...file([]), status: "failed", message: "no such module" };
    writeReport("a", [broken, file([test("x", "passed")])]);

    expect(readResults(base, "a")).toMatchObject({ passed: 1, failed: 1, problems: ["src/x.test.ts: no such module"] });
  });

  it("do not count a file twice whose test failed", () => {
    writeReport("a", [{ ...file([test("x", "failed")]), status: "failed" }]);

    expect(readResults(base, "a").failed).toBe(1);
  });
});

describe("a skipped test", () => {
  it("is named with its groups and the reason that it gave", () => {
    const skipped = { ...test("reads", "skipped"), meta: { skipReason: "no moto_server on the PATH" } };
    writeReport("packages/a", [file([skipped])]);

    expect(describeSkipped(readResults(base, "packages/a"))).toEqual([
      "Skipped: packages/a: the store > reads (no moto_server on the PATH)",
    ]);
  });

  it("is named alone where it gave none", () => {
    writeReport("a", [file([test("reads", "skipped")])]);

    expect(describeSkipped(readResults(base, "a"))).toEqual(["Skipped: a: the store > reads"]);
  });
});

it("adds up the folders in one line", () => {
  const totals = sumResults([
    { passed: 2, failed: 0, skipped: 1 },
    { passed: 3, failed: 1, skipped: 0 },
  ]);

  expect(totalsLine(totals)).toBe("5 passed, 1 failed, 1 skipped");
});

function test(title: string, status: string) {
  return { ancestorTitles: ["", "the store"], title, status, meta: {} };
}

function file(assertionResults: readonly ReturnType<typeof test>[]) {
  return { name: "/anywhere/packages/a/src/x.test.ts", status: "passed", message: "", assertionResults };
}

function writeReport(path: string, testResults: readonly object[]): void {
  mkdirSync(join(base, path), { recursive: true });
  writeFileSync(join(base, path, "test-results.json"), JSON.stringify({ numPassedTests: 99, testResults }));
}
