import { describe, expect, it } from "vitest";
import { areaWith, fileWith, fileWithArea, fileWithImage, problemsIn, summarize } from "./testing/problems.ts";

const refresh = { kind: "instance-refresh", groups: ["web-asg"] };

describe("a single value that is wrong", () => {
  it.each([
    ["a version that never was", fileWith({ version: 0 }), "invalid-version at version"],
    ["a version in quotes", fileWith({ version: "1" }), "invalid-version at version"],
    ["a workload with a space", fileWith({ workload: "data gov" }), "invalid-name at workload"],
    [
      "a region's name",
      fileWith({ registry: { account: "111111111111", region: "Sydney" } }),
      "invalid-region at registry.region",
    ],
    [
      "an account id of 11 digits",
      fileWithArea({ account: "22222222222" }),
      "invalid-account-id at areas.scratch.account",
    ],
    ["an account id as true", fileWithArea({ account: true }), "wrong-type at areas.scratch.account"],
    ["a branch with a space", fileWithArea({ branch: "my branch" }), "invalid-branch at areas.scratch.branch"],
    ["a branch that is a list", fileWithArea({ branch: ["Develop"] }), "wrong-type at areas.scratch.branch"],
    ["an alias without a letter", fileWithArea({ alias: " " }), "invalid-alias at areas.scratch.alias"],
    ["no value behind a key", fileWithArea({ region: null }), "wrong-type at areas.scratch.region"],
    ["an area that is text", fileWith({ areas: { scratch: "Develop" } }), "wrong-type at areas.scratch"],
    ["areas as a list", fileWith({ areas: [areaWith()] }), "wrong-type at areas"],
    ["no areas", fileWith({ areas: {} }), "too-few-entries at areas"],
    ["a window that is text", fileWithArea({ window: "always" }), "wrong-type at areas.scratch.window"],
    [
      "an unknown time zone",
      fileWithArea({ window: { timezone: "Mars/Base" } }),
      "unknown-timezone at areas.scratch.window.timezone",
    ],
    [
      "an offset for a time zone",
      fileWithArea({ window: { timezone: "+10:00" } }),
      "unknown-timezone at areas.scratch.window.timezone",
    ],
    [
      "days in small letters",
      fileWithArea({ window: { days: "mon-fri" } }),
      "invalid-days at areas.scratch.window.days",
    ],
    [
      "hours without minutes",
      fileWithArea({ window: { hours: "9-17" } }),
      "invalid-hours at areas.scratch.window.hours",
    ],
    [
      "hours that end where they start",
      fileWithArea({ window: { hours: "09:00-09:00" } }),
      "invalid-hours at areas.scratch.window.hours",
    ],
    [
      "a freeze that is no list",
      fileWithArea({ freezes: { from: "2026-12-20" } }),
      "wrong-type at areas.scratch.freezes",
    ],
    [
      "a day that does not exist",
      fileWithArea({ freezes: [{ from: "2026-02-29", to: "2026-03-01", reason: "x" }] }),
      "invalid-date at areas.scratch.freezes[0].from",
    ],
    [
      "a freeze without a reason",
      fileWithArea({ freezes: [{ from: "2026-02-28", to: "2026-03-01", reason: "" }] }),
      "invalid-reason at areas.scratch.freezes[0].reason",
    ],
    ["pipeline as text", fileWithArea({ pipeline: "yes" }), "wrong-type at areas.scratch.pipeline"],
    [
      "a GitHub organization with a slash",
      fileWith({ github: { organization: "a/b" } }),
      "invalid-organization at github.organization",
    ],
    [
      "a URL with a query",
      fileWith({ github: { organization: "a", apiUrl: "https://x/?y" } }),
      "invalid-url at github.apiUrl",
    ],
    ["a template with a space", fileWith({ source: { tag: "{area} x" } }), "invalid-template at source.tag"],
    [
      "a template with an open brace",
      fileWith({ source: { repository: "{image" } }),
      "invalid-template at source.repository",
    ],
    [
      "an unknown placeholder",
      fileWith({ source: { repository: "{imgae}" } }),
      "unknown-placeholder at source.repository",
    ],
    ["a schema that is no text", fileWith({ $schema: 1 }), "wrong-type at $schema"],
    ["an image that is text", fileWithImage("terraform"), "wrong-type at images.network"],
    [
      "a kind that can not be made text",
      fileWithImage({ kind: { toString: 5 } }),
      "invalid-kind at images.network.kind",
    ],
    ["a kind that is a number", fileWithImage({ kind: 5 }), "invalid-kind at images.network.kind"],
    ["after as text", fileWithImage({ kind: "terraform", after: "network" }), "wrong-type at images.network.after"],
    ["after with a number", fileWithImage({ kind: "terraform", after: [5] }), "wrong-type at images.network.after[0]"],
    [
      "a timeout without a unit",
      fileWithImage({ kind: "terraform", timeout: "45" }),
      "invalid-duration at images.network.timeout",
    ],
    [
      "a timeout of nothing",
      fileWithImage({ kind: "terraform", timeout: "0m" }),
      "invalid-duration at images.network.timeout",
    ],
    [
      "a timeout beyond a week",
      fileWithImage({ kind: "terraform", timeout: "168h1s" }),
      "invalid-duration at images.network.timeout",
    ],
    [
      "a timeout that is a number",
      fileWithImage({ kind: "terraform", timeout: 45 }),
      "wrong-type at images.network.timeout",
    ],
    ["eleven retries", fileWithImage({ kind: "terraform", retries: 11 }), "invalid-retries at images.network.retries"],
    ["minus one retry", fileWithImage({ kind: "terraform", retries: -1 }), "invalid-retries at images.network.retries"],
    ["half a retry", fileWithImage({ kind: "terraform", retries: 0.5 }), "wrong-type at images.network.retries"],
    [
      "a repository with its owner",
      fileWithImage({ kind: "terraform", github: "a/b" }),
      "invalid-github-repository at images.network.github",
    ],
    [
      "an unknown state",
      fileWithImage({ kind: "terraform", state: "bucket" }),
      "invalid-state at images.network.state",
    ],
    [
      "variables as a list",
      fileWithImage({ kind: "terraform", variables: ["a"] }),
      "wrong-type at images.network.variables",
    ],
    [
      "a variable that is a list",
      fileWithImage({ kind: "terraform", variables: { a: [] } }),
      "wrong-type at images.network.variables.a",
    ],
    [
      "a variable that is no number",
      fileWithImage({ kind: "terraform", variables: { a: Number.NaN } }),
      "wrong-type at images.network.variables.a",
    ],
    ["groups as text", fileWithImage({ ...refresh, groups: "web-asg" }), "wrong-type at images.network.groups"],
    ["no groups", fileWithImage({ ...refresh, groups: [] }), "too-few-entries at images.network.groups"],
    [
      "a group by its ARN",
      fileWithImage({ ...refresh, groups: ["arn:aws:x"] }),
      "invalid-group-name at images.network.groups[0]",
    ],
    ["a group that is a number", fileWithImage({ ...refresh, groups: [5] }), "wrong-type at images.network.groups[0]"],
    [
      "a group tag with two words",
      fileWithImage({ ...refresh, groups: { tag: "t", includes: "a b" } }),
      "invalid-group-tag at images.network.groups.includes",
    ],
    [
      "a group tag without a key",
      fileWithImage({ ...refresh, groups: { tag: "", includes: "a" } }),
      "invalid-group-tag at images.network.groups.tag",
    ],
    [
      "a percentage above 100",
      fileWithImage({ ...refresh, preferences: { minHealthyPercentage: 101 } }),
      "invalid-percentage at images.network.preferences.minHealthyPercentage",
    ],
    [
      "a percentage as text",
      fileWithImage({ ...refresh, preferences: { minHealthyPercentage: "90%" } }),
      "wrong-type at images.network.preferences.minHealthyPercentage",
    ],
    [
      "a warm-up beyond a week",
      fileWithImage({ ...refresh, preferences: { instanceWarmup: "169h" } }),
      "invalid-duration at images.network.preferences.instanceWarmup",
    ],
  ])("is the one problem: %s", (_, file, problem) => {
    expect(summarize(problemsIn(file))).toEqual([problem]);
  });

  it.each([
    ["a number", 5],
    ["text", "version: 1"],
    ["a list", [fileWith()]],
    ["null", null],
    ["nothing", undefined],
    ["a function", problemsIn],
    ["a big integer", 1n],
  ])("is no account mapping at all: %s", (_, value) => {
    const [problem, ...others] = problemsIn(value);

    expect(others).toEqual([]);
    expect(problem).toMatchObject({ code: "not-an-object", path: "", line: null, column: null });
  });

  it.each([
    ["5", 5],
    ['"x"', "x"],
    ["true", true],
    ["null", null],
    ["a list", [1]],
    ["an empty list", []],
    ["a bigint", 1n],
    [`"${"y".repeat(79)}…"`, "y".repeat(100)],
  ])("is described as %s", (found, window) => {
    expect(problemsIn(fileWithArea({ window }))).toMatchObject([{ found }]);
  });

  it("is described by whether it is empty, where it is an object", () => {
    expect(problemsIn(fileWithArea({ branch: {} }))).toMatchObject([{ found: "an empty object" }]);
    expect(problemsIn(fileWithArea({ branch: { name: "x" } }))).toMatchObject([{ found: "an object" }]);
  });
});
