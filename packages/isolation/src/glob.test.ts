import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arnCovers, arnOverlaps, covers, overlaps } from "./glob.ts";

const pattern = fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 6 });
const text = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 6 });

/** What the pattern means, by other means. */
function takes(glob: string, candidate: string): boolean {
  return new RegExp(`^${glob.replaceAll("*", ".*").replaceAll("?", ".")}$`).test(candidate);
}

describe("covers", () => {
  it.each([
    ["*", "", true],
    ["*", "a*?", true],
    ["a*c", "abbc", true],
    ["a*c", "ab*c", true],
    ["a*b*c", "axbxbxc", true],
    ["a?", "a*", false],
    ["a?", "a?", true],
    ["a?c", "abc", true],
    ["abc", "abcd", false],
    ["abcd", "abc", false],
    ["a", "*", false],
    ["", "", true],
  ])("says of %j whether it takes all of %j: %j", (one, other, expected) => {
    expect(covers(one, other)).toBe(expected);
  });

  it("takes a text as the pattern means it", () => {
    fc.assert(fc.property(pattern, text, (one, other) => covers(one, other) === takes(one, other)));
  });

  it("never takes a pattern with a text that it does not take", () => {
    fc.assert(
      fc.property(pattern, pattern, text, (one, other, candidate) => {
        fc.pre(covers(one, other) && takes(other, candidate));
        expect(takes(one, candidate)).toBe(true);
      }),
    );
  });
});

describe("overlaps", () => {
  it.each([
    ["a*", "*b", true],
    ["a*c", "ab*", true],
    ["a*b", "c*", false],
    ["?", "*", true],
    ["a?", "?b", true],
    ["??", "?", false],
    ["a", "a", true],
    ["*a", "b", false],
    ["ab*", "?b*", true],
  ])("says of %j and %j whether they have a text in common: %j", (one, other, expected) => {
    expect(overlaps(one, other)).toBe(expected);
    expect(overlaps(other, one)).toBe(expected);
  });

  it("misses no text that both take", () => {
    fc.assert(
      fc.property(pattern, pattern, text, (one, other, candidate) => {
        fc.pre(takes(one, candidate) && takes(other, candidate));
        expect(overlaps(one, other)).toBe(true);
      }),
    );
  });

  it("is so wherever one covers the other, which takes something", () => {
    fc.assert(fc.property(pattern, pattern, (one, other) => !covers(one, other) || overlaps(one, other)));
  });
});

describe("arnCovers", () => {
  const role = "arn:aws:iam::444444444444:role/windlass-apply";

  it.each([
    ["*", role, true],
    ["arn:aws:iam::444444444444:role/windlass*", role, true],
    ["arn:aws:iam::444444444444:*", role, true],
    ["arn:*", role, false],
    ["arn:aws:iam::*role/windlass*", role, false],
    ["arn:aws:iam::444444444444:r*/windlass*", role, false],
    ["arn:aws:s3:::cdk-*/*", "arn:aws:s3:::cdk-assets/file", true],
    [
      "arn:aws:autoscaling:*:*:autoScalingGroup:*:autoScalingGroupName/a",
      "arn:aws:autoscaling:x:1:autoScalingGroup:id:autoScalingGroupName/a",
      true,
    ],
    ["short", "short", true],
  ])("says of %s whether it takes all of %s: %j", (one, other, expected) => {
    expect(arnCovers(one, other)).toBe(expected);
  });
});

describe("arnOverlaps", () => {
  it.each([
    ["*", "arn:aws:events:x:1:rule/a", true],
    ["arn:aws:events:x:1:rule/a*", "arn:*:*:*:1:*", true],
    ["arn:aws:events:x:1:rule/a*", "arn:*:*:*:2:*", false],
    ["arn:*", "arn:aws:events:x:1:rule/a", true],
  ])("says of %s and %s whether they have an ARN in common: %j", (one, other, expected) => {
    expect(arnOverlaps(one, other)).toBe(expected);
    expect(arnOverlaps(other, one)).toBe(expected);
  });
});
