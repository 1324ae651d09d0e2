import { describe, expect, it } from "vitest";
import { fillTemplate, placeholdersIn, TEMPLATE, unknownPlaceholder } from "./template.ts";

describe("templates", () => {
  it("are filled in, each placeholder as often as it stands there", () => {
    const values = { image: "dga-web", area: "scratch", branch: "Develop" };

    expect(fillTemplate("{area}/{image}-{area}.{branch}", values)).toBe("scratch/dga-web-scratch.Develop");
  });

  it("are filled in with the very text, also where it looks like a pattern", () => {
    expect(fillTemplate("{image}", { image: "$&{area}$1", area: "a", branch: "b" })).toBe("$&{area}$1");
  });

  it.each(["{image}", "{area}/{image}", "latest", "apps/{image}-{branch}"])("may be %s", (template) => {
    expect(template).toMatch(TEMPLATE);
  });

  it.each(["", "{imgae}", "{image", "image}", "{}", "{{image}}", "a b", "{IMAGE}", "{image}$"])(
    "may not be %j",
    (template) => {
      expect(template).not.toMatch(TEMPLATE);
    },
  );

  it("tell which placeholders they mention", () => {
    expect(placeholdersIn("{branch}-{image}")).toEqual(["image", "branch"]);
    expect(placeholdersIn("latest")).toEqual([]);
  });

  it.each([
    ["{imgae}", "imgae"],
    ["{image}{}", ""],
    ["{image}-{x y}", "x y"],
    ["{image", null],
    ["{image}", null],
  ])("tell of %s that its unknown placeholder is %j", (template, word) => {
    expect(unknownPlaceholder(template)).toBe(word);
  });
});
