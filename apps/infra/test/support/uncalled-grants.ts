import type { Grant } from "./grants.ts";

/** A permission that is needed, though no call of a scenario shows it, and why. */
export interface UncalledGrant {
  readonly role: "windlass-lambda" | "windlass-instance";
  readonly action: string;
  /** What the resource looks like. */
  readonly resource: RegExp;
  readonly reason: string;
}

export const UNCALLED_GRANTS: readonly UncalledGrant[] = [
  {
    role: "windlass-lambda",
    action: "logs:CreateLogStream",
    resource: /:log-group:\/aws\/lambda\/windlass-tick:\*$/,
    reason: "the Lambda service calls it with the function's role, not the function",
  },
  {
    role: "windlass-lambda",
    action: "logs:PutLogEvents",
    resource: /:log-group:\/aws\/lambda\/windlass-tick:\*$/,
    reason: "the Lambda service calls it with the function's role, not the function",
  },
  {
    role: "windlass-lambda",
    action: "autoscaling:DescribeAutoScalingInstances",
    resource: /^\*$/,
    reason:
      "asked before an instance is terminated that the group does not list, which AWS's lists may lag behind; packages/asg-orchestrator/test/deploy-group-contract.test.ts holds the call itself",
  },
  {
    role: "windlass-instance",
    action: "s3:ListBucket",
    resource: /^arn:aws:s3:::windlass-state-333333333333$/,
    reason: "without it S3 says 403 of an object that is missing, so that no cancel would look like a refusal",
  },
  {
    role: "windlass-instance",
    action: "s3:GetObject",
    resource: /^arn:aws:s3:::cdk-hnb659fds-assets-333333333333-ap-southeast-2\/[0-9a-f]{64}\.(?:mjs|gz)$/,
    reason: "the boot script fetches the runner and Node with the AWS CLI, before the runner is there",
  },
  {
    role: "windlass-instance",
    action: "ecr:BatchCheckLayerAvailability",
    resource: /^arn:aws:ecr:ap-southeast-2:111111111111:repository\/dga-(?:network|site)$/,
    reason: "what pulling takes, as Amazon ECR says; docker or podman call it, and not the runner",
  },
  {
    role: "windlass-instance",
    action: "ecr:GetDownloadUrlForLayer",
    resource: /^arn:aws:ecr:ap-southeast-2:111111111111:repository\/dga-(?:network|site)$/,
    reason:
      "a pull's layers; apps/deploy-runner/test/containers pulls with podman under a repository policy of just these actions",
  },
];

/** Whether the exception is for this permission of this role. */
export function isFor(one: UncalledGrant, role: string, { action, resource }: Grant): boolean {
  return one.role === role && one.action === action && one.resource.test(resource);
}
