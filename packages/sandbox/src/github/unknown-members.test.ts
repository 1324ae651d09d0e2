import { describe, expect, it } from "vitest";
import { findUnknownMembers, type Schema } from "./unknown-members.ts";

const text = {};
const schemas: Record<string, Schema> = { label: { properties: { name: text } } };

describe("members that a description does not name", () => {
  it.each<[string, Schema, unknown, readonly string[]]>([
    ["are none where it names none", {}, { a: 1 }, []],
    ["are told", { properties: { a: text } }, { a: 1, b: 2 }, ["/b"]],
    ["are told from within", { properties: { a: { properties: { b: text } } } }, { a: { c: 1 } }, ["/a/c"]],
    [
      "are told from within lists",
      { properties: { a: { items: { $ref: "#/schemas/label" } } } },
      { a: [{ x: 1 }] },
      ["/a/0/x"],
    ],
    ["are fine where it says so", { properties: { a: text }, additionalProperties: true }, { b: 1 }, []],
    ["are fine where they are described alike", { properties: {}, additionalProperties: text }, { b: 1 }, []],
    [
      "may be an alternative's",
      { oneOf: [{ properties: { a: text } }, { properties: { b: text } }] },
      { a: 1, b: 1, c: 1 },
      ["/c"],
    ],
    [
      "are not let in by an alternative that only narrows",
      { properties: { a: text }, anyOf: [{ properties: { a: text }, additionalProperties: true }] },
      { b: 1 },
      ["/b"],
    ],
    ["are fine for an alternative of anything", { oneOf: [{ additionalProperties: true }, {}] }, { b: { c: 1 } }, []],
    ["are no matter of a value that has none", { properties: { a: text } }, "a", []],
    ["are not known of what is not described", { $ref: "#/schemas/none" }, { a: 1 }, []],
  ])("%s", (_, schema, value, unknown) => {
    expect(findUnknownMembers(schema, value, schemas)).toEqual(unknown);
  });
});
