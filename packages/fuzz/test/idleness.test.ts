import { describe, expect, it } from "vitest";
import { findIdleness } from "../src/idleness.ts";

const report = { target: "t", cases: 1000, failures: [], corpus: 1, branches: null };

describe("a run", () => {
  it.each([
    ["says something", 1, 499, 500, null],
    ["says nothing where most inputs came to no reader", 1, 498, 501, "only 499 of 1000 inputs came to the reader"],
    ["says nothing where nothing was accepted", 0, 1000, 0, "no input was accepted"],
    ["says nothing where nothing was refused", 1000, 0, 0, "no input was refused"],
    ["is too short to be judged", 0, 10, 90, null],
  ])("%s", (_what, accepted, refused, unread, idleness) => {
    expect(findIdleness({ ...report, accepted, refused, unread })).toBe(idleness);
  });
});
