import type { LifecyclePolicy, LifecycleRule } from "../../src/pipeline/lifecycle-policy.ts";
import { matchesTag } from "../../src/pipeline/moving-tags.ts";

export interface StoredImage {
  readonly digest: string;
  readonly tags: readonly string[];
  /** Greater is later; a tag that moves does not change it. */
  readonly pushedAt: number;
}

/**
 * The digests that ECR expires, by its documentation: rules are taken in the order of their priority; each expires the
 * oldest of the images that it selects beyond its count; an image that a rule selects by tags can not be expired by a
 * later one. https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
 */
export function expireImages(policy: LifecyclePolicy, images: readonly StoredImage[]): ReadonlySet<string> {
  const expired = new Set<string>();
  const protectedByRule = new Set<string>();
  for (const { selection } of [...policy.rules].sort((one, other) => one.rulePriority - other.rulePriority)) {
    const selected = images.filter((image) => selects(selection, image)).sort((a, b) => b.pushedAt - a.pushedAt);
    for (const { digest } of selected.slice(selection.countNumber)) {
      if (!protectedByRule.has(digest)) expired.add(digest);
    }
    if (selection.tagStatus === "tagged") for (const { digest } of selected) protectedByRule.add(digest);
  }
  return expired;
}

function selects(selection: LifecycleRule["selection"], { tags }: StoredImage): boolean {
  if (selection.tagStatus === "any") return true;
  return selection.tagPatternList.every((pattern) => tags.some((tag) => matchesTag(pattern, tag)));
}
