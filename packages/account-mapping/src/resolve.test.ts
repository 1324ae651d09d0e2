import { describe, expect, it } from "vitest";
import {
  checkMapping,
  headSource,
  MappingError,
  onlyArea,
  resolveAccount,
  resolveArea,
  resolveBranch,
  sliceForArea,
} from "./index.ts";
import { areaWith, fileWith } from "./testing/problems.ts";

const mapping = checkMapping(
  fileWith({
    source: { repository: "{area}/{image}", tag: "{branch}-{image}" },
    areas: { scratch: areaWith(), staging: areaWith({ branch: "Staging", account: "333333333333" }) },
    images: { "dga-web": { kind: "terraform" }, "dga-site": { kind: "terraform" } },
  }),
);
const { scratch, staging } = mapping.areas;

function errorOf(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}

describe("resolveBranch", () => {
  it("finds the branch's area", () => {
    expect(resolveBranch(mapping, "Staging")).toEqual({ kind: "area", name: "staging", area: staging });
  });

  it.each(["staging", "main", "", "constructor"])("tells that it does not know the branch %j", (branch) => {
    expect(resolveBranch(mapping, branch)).toEqual({ kind: "unknown-branch", branch, known: ["Develop", "Staging"] });
  });
});

describe("resolveAccount", () => {
  it("finds the account's area", () => {
    expect(resolveAccount(mapping, "222222222222")).toEqual({ kind: "area", name: "scratch", area: scratch });
  });

  it("tells that it does not know an account, the registry's included", () => {
    expect(resolveAccount(mapping, "111111111111")).toEqual({
      kind: "unknown-account",
      account: "111111111111",
      known: ["222222222222", "333333333333"],
    });
  });
});

describe("resolveArea", () => {
  it("finds the area", () => {
    expect(resolveArea(mapping, "scratch")).toEqual({ kind: "area", name: "scratch", area: scratch });
  });

  it.each(["Scratch", "constructor", "__proto__"])("tells that it does not know the area %s", (name) => {
    expect(resolveArea(mapping, name)).toEqual({ kind: "unknown-area", name, known: ["scratch", "staging"] });
  });
});

describe("sliceForArea", () => {
  it("keeps the one area, and all images", () => {
    expect(sliceForArea(mapping, "staging")).toEqual({ ...mapping, areas: { staging } });
  });

  it("throws for an area that is not there", () => {
    expect(errorOf(() => sliceForArea(mapping, "stagign"))).toMatchObject({
      name: "MappingError",
      code: "unknown-area",
      expected: '"scratch" or "staging"',
      found: '"stagign"',
      hint: 'did you mean "staging"?',
      problems: [],
    });
  });
});

describe("onlyArea", () => {
  it("gives the area of a slice", () => {
    expect(onlyArea(sliceForArea(mapping, "scratch"))).toEqual({ name: "scratch", area: scratch });
  });

  it.each([
    ["several areas", mapping, '"scratch" or "staging"'],
    ["no area", { ...mapping, areas: {} }, "none"],
  ])("throws for %s", (_, value, found) => {
    const error = errorOf(() => onlyArea(value));

    expect(error).toBeInstanceOf(MappingError);
    expect(error).toMatchObject({ code: "not-a-slice", expected: "one area", found });
  });
});

describe("headSource", () => {
  it("fills in the templates", () => {
    expect(headSource(mapping, "staging", "dga-web")).toEqual({
      repository: "staging/dga-web",
      tag: "Staging-dga-web",
    });
  });

  it.each([
    ["qa", "dga-web", "unknown-area", "add it to the account mapping"],
    ["staging", "dga-wbe", "unknown-image", 'did you mean "dga-web"?'],
    ["staging", "constructor", "unknown-image", "add it to the account mapping"],
  ])("throws for area %s and image %s: %s", (area, image, code, hint) => {
    expect(errorOf(() => headSource(mapping, area, image))).toMatchObject({ code, hint });
  });
});
