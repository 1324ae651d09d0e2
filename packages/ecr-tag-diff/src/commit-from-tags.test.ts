import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { commitFromTags } from "./commit-from-tags.ts";

describe("commitFromTags", () => {
  it.each([
    ["none", [], null],
    ["only an area's tag", ["staging"], null],
    ["a plain one", ["staging", "git_4f2a91c"], "4f2a91c"],
    ["a full one", [`git_${"0a".repeat(20)}`], "0a".repeat(20)],
    ["capitals", ["git_4F2A91C"], "4f2a91c"],
    ["one with a time", ["ts_20261124T090000Z-git_4f2a91c"], "4f2a91c"],
    ["a time that has a hyphen", ["ts_2026-11-24-git_4f2a91c"], "4f2a91c"],
    ["the newest of several with a time", ["ts_20261123-git_aaaaaaa", "ts_20261124-git_bbbbbbb"], "bbbbbbb"],
    ["a time before a plain one", ["git_aaaaaaa", "ts_20261124-git_bbbbbbb"], "bbbbbbb"],
    ["a full name before a short one", ["git_4f2a91c", `git_${"f".repeat(40)}`], "f".repeat(40)],
    ["the first by alphabet of equals", ["git_bbbbbbb", "git_aaaaaaa"], "aaaaaaa"],
    ["too short to be a commit", ["git_4f2a91"], null],
    ["no hexadecimal number", ["git_release", "ts_-git_4f2a91c"], null],
    ["something around it", ["xgit_4f2a91c", "git_4f2a91c-dirty"], null],
  ])("with %s", (_, tags, commit) => {
    expect(commitFromTags(tags)).toBe(commit);
  });

  it("does not depend on the tags' order", () => {
    const commit = fc.stringMatching(/^[0-9a-f]{7,9}$/);
    const tag = fc.oneof(
      fc.constant("staging"),
      commit.map((sha) => `git_${sha}`),
      fc.tuple(fc.constantFrom("20261123", "20261124"), commit).map(([time, sha]) => `ts_${time}-git_${sha}`),
    );
    fc.assert(
      fc.property(fc.array(tag), (tags) => {
        expect(commitFromTags(tags.toReversed())).toBe(commitFromTags(tags));
        expect(commitFromTags(tags.toSorted())).toBe(commitFromTags(tags));
      }),
    );
  });
});
