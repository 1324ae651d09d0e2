import { describe, expect, it } from "vitest";
import { fileWith, problemsIn } from "./testing/problems.ts";

function fileWithAfter(after: Readonly<Record<string, unknown>>): unknown {
  const images = Object.entries(after).map(([name, names]) => [name, { kind: "terraform", after: names }]);
  return fileWith({ images: Object.fromEntries(images) });
}

describe("after", () => {
  it("may form any order without cycles", () => {
    expect(problemsIn(fileWithAfter({ aa: [], bb: ["aa"], cc: ["aa", "bb"], dd: ["bb", "cc"], ee: ["aa"] }))).toEqual(
      [],
    );
  });

  it("names images of the file only", () => {
    expect(problemsIn(fileWithAfter({ network: [], site: ["netwrok", "xyz"], web: ["netwrok"] }))).toMatchObject([
      { code: "unknown-image", path: "images.site.after[0]", found: '"netwrok"', hint: 'did you mean "network"?' },
      { code: "unknown-image", path: "images.site.after[1]", hint: "add it to images, or remove it here" },
      { code: "unknown-image", path: "images.web.after[0]", hint: 'did you mean "network"?' },
    ]);
  });

  it.each([
    ["an image that waits for itself", { aa: ["aa"] }, ["aa -> aa"], ["images.aa.after[0]"]],
    ["two images", { aa: ["bb"], bb: ["aa"] }, ["aa -> bb -> aa"], ["images.bb.after[0]"]],
    [
      "three images behind one that is in none",
      { zz: ["aa"], aa: ["bb"], bb: ["cc"], cc: ["z2", "aa"], z2: [] },
      ["aa -> bb -> cc -> aa"],
      ["images.cc.after[1]"],
    ],
    [
      "two cycles with an image in common",
      { aa: ["bb", "cc"], bb: ["aa"], cc: ["aa"] },
      ["aa -> bb -> aa", "aa -> cc -> aa"],
      ["images.bb.after[0]", "images.cc.after[0]"],
    ],
  ])("prints a cycle as a path: %s", (_, after, found, paths) => {
    const problems = problemsIn(fileWithAfter(after));

    expect(problems.map(({ code }) => code)).toEqual(found.map(() => "dependency-cycle"));
    expect(problems.map((problem) => problem.found)).toEqual(found);
    expect(problems.map(({ path }) => path)).toEqual(paths);
  });

  it("tells a cycle once where a name stands in the list twice", () => {
    expect(problemsIn(fileWithAfter({ aa: ["bb"], bb: ["aa", "aa"] }))).toMatchObject([
      { code: "dependency-cycle", path: "images.bb.after[0]" },
      { code: "repeated-entry", path: "images.bb.after[1]" },
    ]);
  });

  it("may be thousands of images long", () => {
    const names = Array.from({ length: 5000 }, (_, index) => `image-${index}`);
    const chain = names.map((name, index) => [name, index === 0 ? [] : [`image-${index - 1}`]]);
    const closed = [...chain.slice(1), ["image-0", ["image-4999"]]];

    expect(problemsIn(fileWithAfter(Object.fromEntries(chain)))).toEqual([]);
    expect(problemsIn(fileWithAfter(Object.fromEntries(closed)))).toMatchObject([{ code: "dependency-cycle" }]);
  });
});
