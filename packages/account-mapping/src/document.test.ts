import { describe, expect, it } from "vitest";
import { comparePlaces, plainDocument } from "./document.ts";
import type { Path } from "./path.ts";

describe("plainDocument", () => {
  const document = plainDocument({ areas: { a: { branch: "x" }, b: 5 }, images: ["i", "j"] });

  it("has neither lines nor text as written", () => {
    expect(document.placeOf(["areas", "a"], "key")).toMatchObject({ line: null, column: null });
    expect(document.textAt(["areas", "b"])).toBeNull();
  });

  it("puts places in the order of the value, what is missing or above first", () => {
    const paths: readonly Path[] = [
      ["images", 1],
      ["areas", "b"],
      [],
      ["areas", "a", "branch"],
      ["areas", "a"],
      ["areas", "b", "branch"],
      ["version"],
      ["images", 0],
    ];

    const sorted = [...paths].sort((a, b) => comparePlaces(document.placeOf(a, "value"), document.placeOf(b, "value")));

    expect(sorted.map((path) => path.join("."))).toEqual([
      "",
      "version",
      "areas.a",
      "areas.a.branch",
      "areas.b",
      "areas.b.branch",
      "images.0",
      "images.1",
    ]);
  });
});
