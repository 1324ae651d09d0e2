import { describe, expect, it } from "vitest";
import { matchesTag, movingTags } from "./moving-tags.ts";

function tagsOf(template: string, areas: readonly string[], images: readonly string[] = ["web"]): readonly string[] {
  const fill = (area: string, image: string) => template.replace("{area}", area).replace("{image}", image);
  const tags = areas.flatMap((area) => images.map((image) => fill(area, image)));
  const patterns = [...areas.map((area) => fill(area, "*")), fill("*", "*")];
  return movingTags({ name: "web", tags, patterns, readers: [] });
}

const many = ["a", "b", "c", "d", "e", "f"];

describe("the tags that may move", () => {
  it("are the areas' by name, and the keep- tags", () => {
    expect(tagsOf("{area}", ["scratch", "staging"])).toEqual(["scratch", "staging", "keep-*"]);
  });

  it("are what many areas' tags have in common", () => {
    expect(tagsOf("area-{area}", many)).toEqual(["area-*", "keep-*"]);
  });

  it("are those of each area where one repository has many images", () => {
    expect(tagsOf("{image}.{area}", ["a", "b"], many)).toEqual(["*.a", "*.b", "keep-*"]);
  });

  it("are never such that a commit's tag could move: too many areas are refused", () => {
    expect(() => tagsOf("{area}", many)).toThrow("only five patterns of tags");
    expect(() => tagsOf("{image}_{area}", many, many)).toThrow("only five patterns of tags");
  });
});

describe("a pattern of ECR", () => {
  it.each([
    ["area-*", "area-", true],
    ["area-*", "area-x", true],
    ["area-*", "xarea-", false],
    ["*.a", "web.a", true],
    ["*.a", "webxa", false],
    ["latest", "latest", true],
    ["latest", "latest2", false],
  ])("%s and the tag %s", (pattern, tag, matches) => {
    expect(matchesTag(pattern, tag)).toBe(matches);
  });
});
