import { commitFromTags } from "@windlass/ecr-tag-diff";
import { describe, expect, it } from "vitest";
import { commitTag, isTimeTag, keepTags, timeTag } from "./release-tags.ts";

const commit = "4f2a91c0d5e6f7a8b9c0d1e2f3a4b5c6d7e8f9a0";
const other = "cc83ec5cc83ec5cc83ec5cc83ec5cc83ec5cc83e";

describe("the tags that tell a commit", () => {
  it("are read as that commit by whoever reads heads", () => {
    expect(commitFromTags(["staging", commitTag(commit)])).toBe(commit);
    expect(commitFromTags([timeTag(new Date("2026-11-24T09:00:00.123Z"), commit)])).toBe(commit);
  });

  it("let the later release tell, where an image was built from two commits", () => {
    const early = timeTag(new Date("2026-11-24T09:59:59Z"), commit);
    const late = timeTag(new Date("2026-11-24T10:00:00Z"), other);

    expect(commitFromTags([commitTag(commit), commitTag(other), late, early])).toBe(other);
  });

  it("have the time to the second, in UTC, in what a tag may consist of", () => {
    expect(timeTag(new Date("2026-11-24T20:00:00.999+11:00"), commit)).toBe(`ts_20261124T090000Z-git_${commit}`);
  });

  it.each([
    [`ts_20261124T090000Z-git_${commit}`, true],
    [`ts_20261124T090000Z-git_${other}`, false],
    [`git_${commit}`, false],
  ])("know %s for a time of the commit: %s", (tag, expected) => {
    expect(isTimeTag(tag, commit)).toBe(expected);
  });
});

describe("keepTags", () => {
  it("are eleven: the head, and ten before it", () => {
    expect(keepTags("a-1")).toHaveLength(11);
    expect(keepTags("a-1").at(-1)).toBe("keep-a-1-10");
  });
});
