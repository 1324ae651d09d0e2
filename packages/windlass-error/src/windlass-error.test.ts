import { describe, expect, it } from "vitest";
import { describeError, WindlassError } from "./windlass-error.ts";

const full = {
  code: "launch-suspended",
  message: "the group can not launch instances",
  expected: "no suspended processes",
  found: "Launch",
  where: "deploy-group",
  hint: "resume the process",
} as const;

describe("WindlassError", () => {
  it("carries every detail it was given", () => {
    const cause = new Error("socket closed");

    const error = new WindlassError({ ...full, cause, retryable: true });

    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ ...full, cause, retryable: true, name: "WindlassError" });
  });

  it("is not retryable and has no cause unless that is said", () => {
    const error = new WindlassError({ code: "gone", message: "it is gone" });

    expect(error.retryable).toBe(false);
    expect(Object.hasOwn(error, "cause")).toBe(false);
    expect(error).toMatchObject({ expected: undefined, found: undefined, where: undefined, hint: undefined });
  });

  it("keeps the stack of the place that threw it", () => {
    const error = new WindlassError({ code: "gone", message: "it is gone" });

    expect(error.stack).toContain("windlass-error.test.ts");
  });
});

describe("describeError", () => {
  it.each([
    [
      "all parts",
      full,
      "deploy-group: the group can not launch instances: expected no suspended processes, found Launch (launch-suspended). Hint: resume the process",
    ],
    ["the message and code alone", { code: "gone", message: "it is gone" }, "it is gone (gone)"],
    ["only what was expected", { code: "gone", message: "no", expected: "one" }, "no: expected one (gone)"],
    ["only what was found", { code: "gone", message: "no", found: "two" }, "no: found two (gone)"],
    ["only where", { code: "gone", message: "no", where: "s3://bucket/key" }, "s3://bucket/key: no (gone)"],
  ])("says %s in one line", (_, details, line) => {
    expect(describeError(new WindlassError(details))).toBe(line);
  });

  it("gives the message of other errors, without a stack", () => {
    expect(describeError(new TypeError("x is not a function"))).toBe("x is not a function");
  });

  it.each([
    ["text", "text"],
    [undefined, "undefined"],
    [null, "null"],
    [42, "42"],
  ])("describes %j, which is no error at all", (thrown, line) => {
    expect(describeError(thrown)).toBe(line);
  });
});
