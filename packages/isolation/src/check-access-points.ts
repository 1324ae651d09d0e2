import type { Finding } from "./finding.ts";
import { exactly } from "./possible.ts";
import { decide } from "./request.ts";
import type { Account } from "./world.ts";

/**
 * Buckets that take requests through access points. Such a request is for the access point's ARN, which a boundary that
 * names the bucket does not know; only the bucket's own policy can refuse it, whoever asks:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html
 */
export function findAccessPoints({ id, principals, resources }: Account): readonly Finding[] {
  if (!principals.some(({ boundary }) => boundary !== null)) return [];
  return resources.flatMap(({ type, arn, policy, place }): readonly Finding[] => {
    if (type !== "AWS::S3::Bucket") return [];
    const anyOf = { pattern: `arn:*:iam::${id}:*`, except: [] };
    const decision = decide(policy, {
      actor: { kind: "principal", account: id, arn: anyOf },
      action: { pattern: "s3:*", except: [] },
      resource: { pattern: `${arn}/*`, except: [] },
      context: {
        "s3:dataaccesspointarn": [{ pattern: "arn:*", except: [] }],
        "aws:principalarn": [anyOf],
        "s3:dataaccesspointaccount": [exactly(id)],
      },
    });
    if (decision.kind === "denied") return [];
    const why = `${arn} can be reached through an access point, past a boundary that names the bucket`;
    const hint = "deny everything in the bucket policy where s3:DataAccessPointArn is anything";
    return [{ code: "bucket-by-access-point", ...place, why, hint }];
  });
}
