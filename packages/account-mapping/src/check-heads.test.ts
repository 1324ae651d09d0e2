import { describe, expect, it } from "vitest";
import { areaWith, fileWith, problemsIn, summarize } from "./testing/problems.ts";

const terraform = { kind: "terraform" };
const scratch = areaWith();
const staging = areaWith({ branch: "Staging", account: "333333333333" });

function file(source: unknown, areas: readonly string[], images: readonly string[]): unknown {
  const area = (name: string): readonly [string, unknown] => [name, name === "scratch" ? scratch : staging];
  return fileWith({
    source,
    areas: Object.fromEntries(areas.map(area)),
    images: Object.fromEntries(images.map((name) => [name, terraform])),
  });
}

describe("repositories and tags after filling in", () => {
  it.each([
    [{}, ["scratch", "staging"], ["network", "iac/site.v2", "a-b__c"]],
    [{ repository: "{area}/{image}", tag: "latest" }, ["scratch", "staging"], ["network", "site"]],
    [{ repository: "workload", tag: "{image}-{branch}" }, ["scratch", "staging"], ["Network", "site"]],
  ])("are valid for %j", (source, areas, images) => {
    expect(problemsIn(file(source, areas, images))).toEqual([]);
  });

  it("are told once at an image that fits nowhere", () => {
    const problems = problemsIn(
      file({ repository: "{area}/{image}", tag: "x" }, ["scratch", "staging"], ["Web", "ok"]),
    );

    expect(problems).toMatchObject([
      {
        code: "invalid-repository-name",
        path: "images.Web",
        found: '"scratch/Web" for image Web in area scratch',
        hint: "rename it, or change source.repository",
      },
    ]);
  });

  it.each(["Web", "a..b", "a_-b", "web-", "a//b", "a"])("are refused for an image that is called %s", (image) => {
    expect(summarize(problemsIn(file({}, ["scratch"], [image, "ok"])))).toEqual([
      expect.stringMatching(/^invalid-repository-name at images/),
    ]);
  });

  it("are told once at an area with which no image fits", () => {
    const source = { repository: "{area}/{image}", tag: "x" };

    expect(summarize(problemsIn(file(source, ["scratch", "Staging"], ["web", "site"])))).toEqual([
      "invalid-repository-name at areas.Staging",
    ]);
  });

  it("are told at the branch where that is what is filled in", () => {
    const areas = { scratch: areaWith({ branch: "feature/x" }), staging };

    expect(problemsIn(fileWith({ source: { tag: "{branch}" }, areas }))).toMatchObject([
      { code: "invalid-tag", path: "areas.scratch.branch", found: '"feature/x" for image network in area scratch' },
    ]);
  });

  it.each([
    [{ repository: "-{image}", tag: "{area}" }, "invalid-repository-name at source.repository"],
    [{ repository: "{image}", tag: ".{area}" }, "invalid-tag at source.tag"],
    [{ repository: "Fixed", tag: "{image}-{area}" }, "invalid-repository-name at source.repository"],
  ])("are told once at a template with which nothing fits: %j", (source, problem) => {
    expect(summarize(problemsIn(file(source, ["scratch", "staging"], ["web", "site"])))).toEqual([problem]);
  });

  it("may be too long together, though each part is short enough", () => {
    const image = "i".repeat(100);

    expect(
      summarize(
        problemsIn(file({ repository: "x1", tag: "{image}-{area}" }, ["scratch", "a".repeat(40)], [image, "ok"])),
      ),
    ).toEqual([`invalid-tag at images.${image}`]);
  });
});

describe("two heads", () => {
  it("of one image in two areas must not be the same", () => {
    const problems = problemsIn(file({ tag: "latest" }, ["scratch", "staging"], ["network", "site"]));

    expect(problems).toMatchObject([
      {
        code: "same-head",
        path: "areas.staging",
        found: '"network:latest" for image network, as in areas.scratch',
        hint: "put {area} or {branch} into source.repository or source.tag",
      },
    ]);
  });

  it("of two images in one area must not be the same", () => {
    const problems = problemsIn(file({ repository: "all" }, ["scratch", "staging"], ["network", "site"]));

    expect(problems).toMatchObject([
      { code: "same-head", path: "images.site", found: '"all:scratch" in area scratch, as images.network' },
    ]);
  });

  it("are told once for each pair where nothing tells them apart", () => {
    const problems = problemsIn(file({ repository: "all", tag: "x" }, ["scratch", "staging"], ["network", "site"]));

    expect(summarize(problems)).toEqual(["same-head at areas.staging", "same-head at images.site"]);
  });

  it("must not be the same by the way that names join", () => {
    const problems = problemsIn(
      file({ repository: "all", tag: "{area}-{image}" }, ["scratch", "scratch-web"], ["web-site", "site"]),
    );

    expect(problems).toMatchObject([
      {
        code: "same-head",
        path: "images.site",
        found: '"all:scratch-web-site" in area scratch-web, and in area scratch, as images.web-site',
      },
    ]);
  });

  it("may share the tag in one area alone", () => {
    expect(problemsIn(file({ tag: "latest" }, ["scratch"], ["network", "site"]))).toEqual([]);
  });

  it("are not looked at where a template is malformed", () => {
    expect(summarize(problemsIn(file({ repository: "x y", tag: "z" }, ["scratch", "staging"], ["a1"])))).toEqual([
      "invalid-template at source.repository",
    ]);
    expect(summarize(problemsIn(file({ repository: "all", tag: "{x}" }, ["scratch", "staging"], ["a1"])))).toEqual([
      "unknown-placeholder at source.tag",
    ]);
  });
});

describe("a mapping that is too large", () => {
  it("is refused before its heads are compared", () => {
    const areas = Object.fromEntries(
      Array.from({ length: 501 }, (_, index) => [
        `a${index}`,
        areaWith({ branch: `b${index}`, account: String(200_000_000_000 + index) }),
      ]),
    );

    expect(summarize(problemsIn(fileWith({ source: { tag: "latest" }, areas })))).toEqual([
      "too-many-entries at areas",
    ]);
  });

  it("is refused for its images too", () => {
    const images = Object.fromEntries(Array.from({ length: 10_001 }, (_, index) => [`i${index}`, terraform]));

    expect(summarize(problemsIn(fileWith({ source: { repository: "all" }, images })))).toEqual([
      "too-many-entries at images",
    ]);
  });
});
