/** A rule of an ECR lifecycle policy, as far as it is used here. */
export interface LifecycleRule {
  readonly rulePriority: number;
  readonly description: string;
  readonly selection:
    | {
        readonly tagStatus: "tagged";
        /** An image must have a tag for each of them. */
        readonly tagPatternList: readonly string[];
        readonly countType: "imageCountMoreThan";
        readonly countNumber: number;
      }
    | { readonly tagStatus: "any"; readonly countType: "imageCountMoreThan"; readonly countNumber: number };
  readonly action: { readonly type: "expire" };
}

export interface LifecyclePolicy {
  readonly rules: readonly LifecycleRule[];
}

/** More than any number of areas and kept heads can make. */
const NEVER = 9999;

/**
 * Expires the oldest images beyond `keepBuilds`, and never one that a tag of these patterns holds: an image that a rule
 * with tags matches can not be expired by a later rule, and none of those rules is ever exceeded. Nothing expires by
 * age: a tag that moves does not make its image young, and one that loses its tag today may be live still.
 *
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
 */
export function lifecyclePolicy(heldBy: readonly string[], keepBuilds: number): LifecyclePolicy {
  const holding = heldBy.map(
    (pattern, index): LifecycleRule => ({
      rulePriority: index + 1,
      description: `Never expires what ${pattern} holds`,
      selection: {
        tagStatus: "tagged",
        tagPatternList: [pattern],
        countType: "imageCountMoreThan",
        countNumber: NEVER,
      },
      action: { type: "expire" },
    }),
  );
  const last: LifecycleRule = {
    rulePriority: heldBy.length + 1,
    description: `Keeps the latest ${keepBuilds} of all others`,
    selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: keepBuilds },
    action: { type: "expire" },
  };
  return { rules: [...holding, last] };
}
