import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deploymentId, deploymentIdSchema, instantSchema, parseImageDigest, toInstant } from "./identifiers.ts";

describe("identifiers", () => {
  it("name deployments so that they sort by time and are legal host names, tag values and session names", () => {
    const id = deploymentId(new Date("2026-11-24T09:00:00Z"), 42);

    expect(id).toBe("20261124t090000z-42");
    expect(id).toMatch(/^[a-z0-9-]{2,63}$/);
    expect(deploymentIdSchema.parse(id)).toBe(id);
  });

  it("take only whole digests", () => {
    const digest = `sha256:${"0a".repeat(32)}`;

    expect(parseImageDigest(digest)).toBe(digest);
    expect(() => parseImageDigest(digest.slice(0, -1))).toThrow();
  });

  it("take every time that they write, and none that does not exist", () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date("9999-12-31T00:00:00Z"), noInvalidDate: true }), (date) => {
        expect(instantSchema.parse(toInstant(date))).toBe(date.toISOString());
      }),
    );
    expect(instantSchema.safeParse("2026-13-24T09:00:00.000Z").success).toBe(false);
  });
});
