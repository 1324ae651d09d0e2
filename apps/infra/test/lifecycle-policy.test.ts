import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lifecyclePolicy } from "../src/pipeline/lifecycle-policy.ts";
import { KEEP_PATTERN } from "../src/pipeline/moving-tags.ts";
import { expireImages, type StoredImage } from "./support/expire-images.ts";

const areas = ["scratch", "staging", "production"];
const tag = fc.oneof(
  fc.constantFrom(...areas),
  fc.tuple(fc.constantFrom(...areas), fc.nat({ max: 10 })).map(([area, index]) => `keep-${area}-${index}`),
  fc.stringMatching(/^git_[0-9a-f]{7}$/),
  fc.constantFrom("staging-2", "latest", "production.sig"),
);
/** No tag is on two images. */
const images = fc.array(fc.array(tag, { maxLength: 4 }), { maxLength: 40 }).map((lists) => {
  const taken = new Set<string>();
  return lists.map((tags, index): StoredImage => {
    const own = tags.filter((name) => !taken.has(name));
    for (const name of own) taken.add(name);
    return { digest: `sha256:${index}`, tags: own, pushedAt: index };
  });
});

function isHeld({ tags }: StoredImage): boolean {
  return tags.some((name) => areas.includes(name) || name.startsWith("keep-"));
}

describe("the lifecycle of images", () => {
  it("expires none that an area's tag or a keep- tag holds, however old, and otherwise keeps the latest", () => {
    fc.assert(
      fc.property(images, fc.integer({ min: 1, max: 10 }), (stored, keepBuilds) => {
        const expired = expireImages(lifecyclePolicy([...areas, KEEP_PATTERN], keepBuilds), stored);
        const latest = [...stored].reverse().slice(0, keepBuilds);

        expect(stored.filter((image) => isHeld(image) && expired.has(image.digest))).toEqual([]);
        expect(latest.filter(({ digest }) => expired.has(digest))).toEqual([]);
        expect(expired.size).toBe(stored.filter((image) => !isHeld(image) && !latest.includes(image)).length);
      }),
    );
  });

  it("would expire them under a policy without those rules, so that the evaluation can tell", () => {
    const [last] = lifecyclePolicy([], 1).rules;
    const stored = [
      { digest: "old", tags: ["production"], pushedAt: 1 },
      { digest: "new", tags: ["git_cc83ec5"], pushedAt: 2 },
    ];

    expect([...expireImages({ rules: [last!] }, stored)]).toEqual(["old"]);
    expect([...expireImages(lifecyclePolicy(["production"], 1), stored)]).toEqual([]);
  });

  it("is text that ECR takes: rules of their own priority, the one for all images last", () => {
    const { rules } = lifecyclePolicy([...areas, KEEP_PATTERN], 200);

    expect(rules.map(({ rulePriority }) => rulePriority)).toEqual([1, 2, 3, 4, 5]);
    expect(rules.at(-1)?.selection).toEqual({ tagStatus: "any", countType: "imageCountMoreThan", countNumber: 200 });
    expect(JSON.stringify({ rules }).length).toBeLessThan(30_720);
  });
});
