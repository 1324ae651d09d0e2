import { storePrefix } from "@windlass/ledger-store";

export interface SessionPolicyScope {
  readonly stateBucket: string;
  readonly image: string;
  readonly region: string;
}

/**
 * Cuts the apply role down for one deployment: whatever the role may do, in the state bucket only this image's state.
 * Terraform can then forge neither a result nor the ledger. A session's rights are what role and session policy both
 * allow: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session.
 */
export function sessionPolicy({ stateBucket, image, region }: SessionPolicyScope): string {
  const bucket = `arn:${partitionOf(region)}:s3:::${stateBucket}`;
  const state = `state/${image}.tfstate`;
  const store = storePrefix(image);
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Sid: "AllButTheStateBucket", Effect: "Allow", Action: "*", NotResource: [bucket, `${bucket}/*`] },
      {
        Sid: "OwnState",
        Effect: "Allow",
        Action: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
        Resource: [`${bucket}/${state}`, `${bucket}/${state}.tflock`, `${bucket}/${store}*`],
      },
      {
        Sid: "FindOwnState",
        Effect: "Allow",
        Action: "s3:ListBucket",
        Resource: bucket,
        // `env:/`: where Terraform's S3 backend looks for other workspaces.
        Condition: { StringLike: { "s3:prefix": [state, `${store}*`, "env:/*"] } },
      },
    ],
  });
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}
