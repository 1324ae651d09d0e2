import type { Assignment } from "@windlass/deployment";
import { storePrefix } from "@windlass/ledger-store";

export interface SessionPolicyScope {
  readonly stateBucket: string;
  readonly region: string;
  readonly image: string;
  readonly state: Assignment["state"];
}

/**
 * Cuts the apply role down for one deployment: whatever the role may do, in the state bucket only this image's state.
 * Terraform can then forge neither a result nor the ledger. A session's rights are what role and session policy both
 * allow: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session. It has at most 2,048
 * characters for every image and bucket: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html.
 */
export function sessionPolicy(scope: SessionPolicyScope): string {
  const partition = partitionOf(scope.region);
  const bucket = `arn:${partition}:s3:::${scope.stateBucket}`;
  const { objects, listed } = ownState(scope);
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: "*",
        // An access point is another name of a bucket, and whoever may make one could come in through it:
        // https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html
        NotResource: [bucket, `${bucket}/*`, `arn:${partition}:s3:*:*:accesspoint/*/object/*`],
      },
      {
        Effect: "Allow",
        Action: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
        Resource: objects.map((key) => `${bucket}/${key}`),
      },
      {
        Effect: "Allow",
        Action: "s3:ListBucket",
        Resource: bucket,
        Condition: { StringLike: { "s3:prefix": listed } },
      },
    ],
  });
}

/** What Terraform's S3 backend needs: https://developer.hashicorp.com/terraform/language/backend/s3#s3-bucket-permissions */
function ownState({ image, state }: SessionPolicyScope) {
  // It refuses names that are patterns, or in the place of another image's state.
  const store = storePrefix(image);
  if (state === "store") return { objects: [`${store}*`], listed: [`${store}*`] };
  const key = `state/${image}.tfstate`;
  // `env:/`: where the backend looks for other workspaces.
  return { objects: [key, `${key}.tflock`], listed: [key, "env:/*"] };
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}
