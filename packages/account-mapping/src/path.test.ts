import { describe, expect, it } from "vitest";
import { formatPath, valueAt } from "./path.ts";

describe("formatPath", () => {
  it.each([
    [[], ""],
    [["areas", "sts-scratch", "freezes", 0, "to"], "areas.sts-scratch.freezes[0].to"],
    [["images", "dga.web", "kind"], 'images["dga.web"].kind'],
    [["a b"], '["a b"]'],
    [[""], '[""]'],
  ])("writes %j as %s", (path, text) => {
    expect(formatPath(path)).toBe(text);
  });
});

describe("valueAt", () => {
  it("follows keys and indexes", () => {
    expect(valueAt({ a: [{ b: 1 }] }, ["a", 0, "b"])).toBe(1);
  });

  it.each([
    [{ a: 1 }, ["b"]],
    [{ a: 1 }, ["a", "b"]],
    [null, ["a"]],
    [[1], [1]],
    [{}, ["constructor"]],
    [[], ["length", "x"]],
  ])("finds nothing in %j at %j", (value, path) => {
    expect(valueAt(value, path)).toBeUndefined();
  });
});
