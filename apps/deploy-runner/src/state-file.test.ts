import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareStates, emptyState, isWholeState, mayHaveResources } from "./state-file.ts";

const bytes = (value: unknown) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value));
const stateOf = (serial: number, lineage = "a") => bytes({ version: 4, serial, lineage, resources: [] });

describe("mayHaveResources", () => {
  it.each([
    ["a state with resources", { version: 4, resources: [{ type: "aws_vpc" }] }, true],
    ["a state without", { version: 4, resources: [] }, false],
    ["an encrypted state of OpenTofu", { serial: 3, encrypted_data: "x" }, true],
    ["a part of a state", '{"version":4,"resources":[', true],
    ["nothing in JSON", "null", true],
    ["an empty file", "", false],
  ])("judges %s", (_, content, expected) => {
    expect(mayHaveResources(bytes(content))).toBe(expected);
  });
});

describe("compareStates", () => {
  it.each([
    ["a first state", null, stateOf(1), null],
    ["none after none", null, null, null],
    ["a later state", stateOf(3), stateOf(4), null],
    ["the same state", stateOf(3), stateOf(3), null],
    ["a state that is gone", stateOf(3), null, "it is gone"],
    ["a state that is cut", stateOf(3), stateOf(4).subarray(0, 20), "what is there is no whole state"],
    ["an empty file", null, bytes(""), "what is there is no whole state"],
    ["text", stateOf(3), bytes('"a state"'), "what is there is no whole state"],
    ["nothing in JSON", stateOf(3), bytes("null"), "what is there is no whole state"],
    ["a state without a serial", stateOf(3), bytes({ lineage: "a" }), "what is there is no whole state"],
    ["half a serial", stateOf(3), bytes({ lineage: "a", serial: 3.5 }), "what is there is no whole state"],
    ["a state without a lineage", null, bytes({ serial: 3 }), "what is there is no whole state"],
    ["another lineage", stateOf(3), stateOf(4, "b"), "its lineage is b, not a"],
    ["an older serial", stateOf(3), stateOf(2), "its serial went back from 3 to 2"],
    ["a whole state after a cut one", bytes('{"serial":'), stateOf(4), "what was there before is no whole state"],
  ])("judges %s", (_, before, after, problem) => {
    expect(compareStates(before, after)).toBe(problem);
  });

  it("knows the state of OpenTofu that is encrypted", () => {
    const encrypted = { serial: 3, lineage: "a", meta: {}, encrypted_data: "x", encryption_version: "v0" };

    expect(compareStates(bytes(encrypted), bytes({ ...encrypted, serial: 4, encrypted_data: "y" }))).toBeNull();
  });

  it("never lets pass what may not follow", () => {
    const serial = fc.integer({ min: 0, max: 50 });
    const lineage = fc.constantFrom("a", "b", "");
    fc.assert(
      fc.property(serial, lineage, serial, lineage, fc.nat(), (first, from, second, to, cut) => {
        const after = stateOf(second, to);
        const follows = from === to && second >= first;

        expect(compareStates(stateOf(first, from), after) === null).toBe(follows);
        expect(compareStates(stateOf(first, from), after.subarray(0, cut % after.length))).not.toBeNull();
      }),
    );
  });

  it("never throws, whatever is there", () => {
    const content = fc.option(
      fc.oneof(
        fc.uint8Array(),
        fc.json().map((text) => bytes(text)),
      ),
    );
    fc.assert(fc.property(content, content, (before, after) => void compareStates(before, after)));
  });
});

describe("emptyState", () => {
  it("is a whole state from which others follow", () => {
    const state = emptyState("lineage-of-this-image");

    expect(isWholeState(state)).toBe(true);
    expect(compareStates(state, stateOf(1, "lineage-of-this-image"))).toBeNull();
  });
});
