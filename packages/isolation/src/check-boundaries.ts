import { actionsOf } from "./actions.ts";
import type { Examined } from "./check-foreigners.ts";
import type { Finding } from "./finding.ts";
import { exactly, type Possible } from "./possible.ts";
import { type Context, decide } from "./request.ts";
import type { Account, Resource } from "./world.ts";

/** One thing that a bounded role must not be able to do. */
interface Forbidden {
  readonly action: string;
  readonly resource: string;
  readonly context: Context;
}

/**
 * Whether the boundaries of an account's roles keep them from everything of its stacks, from the CDK's bootstrap, from
 * other roles and from making principals without that boundary. That the roles' own policies allow everything is taken
 * for granted.
 */
export function askBoundaries(account: Account): readonly Examined[] {
  return account.principals.flatMap(({ arn, boundary, account: id }) => {
    if (boundary === null) return [];
    return forbiddenFor(account, boundary.arn).map(({ action, resource, context }): Examined => {
      const request = { actor: { kind: "principal", account: id, arn: exactly(arn) }, context } as const;
      const asked = { action: exactly(action), resource: exactly(resource) };
      const isAllowed = decide(boundary.statements, { ...request, ...asked }).kind === "allowed";
      return { principal: arn, action, resource, answer: isAllowed ? "allowed" : "denied" };
    });
  });
}

/** One finding for each role whose boundary leaves something open. */
export function findBoundaryHoles({ principals }: Account, asked: readonly Examined[]): readonly Finding[] {
  return principals.flatMap(({ arn, place }): readonly Finding[] => {
    const open = asked.filter(({ principal, answer }) => principal === arn && answer === "allowed");
    if (open.length === 0) return [];
    const shown = open.slice(0, 5).map(({ action, resource }) => `${action} on ${resource}`);
    const more = open.length > 5 ? ` and ${open.length - 5} more` : "";
    const why = `the boundary of ${arn} does not deny ${shown.join(", ")}${more}`;
    return [
      { code: "boundary-hole", ...place, why, hint: "deny it in the boundary, without a condition that may not hold" },
    ];
  });
}

function forbiddenFor(account: Account, boundary: string): readonly Forbidden[] {
  return [
    ...account.resources.filter(({ type }) => type !== "other").flatMap(tamperings),
    ...bootstrapOf(account).map(([action, resource]) => ({ action, resource, context: {} })),
    ...unboundPrincipals(account, boundary),
    { action: "sts:assumerole", resource: "*", context: {} },
  ];
}

/** Any action on what the stacks make; in the state bucket only on what is Windlass's own. */
function tamperings(resource: Resource): readonly Forbidden[] {
  const context = tagsOf(resource);
  if (resource.type === "AWS::S3::Bucket") return bucketTamperings(resource.arn, context);
  const arns = [resource.arn, ...(resource.inside === null ? [] : [resource.inside])];
  return arns.flatMap((arn) => actionsOf(resource).map((action) => ({ action, resource: arn, context })));
}

/** Services that are sure to compare tags for every action on their resources. For others a tag protects nothing here. */
const TAG_AWARE = new Set(["ec2"]);

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html */
function tagsOf({ service, tags }: Resource): Context {
  if (!TAG_AWARE.has(service)) return {};
  return Object.fromEntries(
    Object.entries(tags).map(([key, value]) => [`aws:resourcetag/${key}`.toLowerCase(), [exactly(value)]]),
  );
}

/** What is Windlass's own in the state bucket. Terraform's states are Terraform's. */
const RECORDS = ["ledger.json", "runs/*", "controls/*", "history/*"];

function bucketTamperings(arn: string, context: Context): readonly Forbidden[] {
  return [
    ...actionsOf({ service: "s3", type: "" })
      .filter((action) => /bucket|configuration/.test(action) && action !== "s3:listbucket")
      .map((action) => ({ action, resource: arn, context })),
    ...RECORDS.map((key) => ({ action: "s3:*", resource: `${arn}/${key}`, context })),
    { action: "s3:deleteobjectversion", resource: `${arn}/state/*`, context },
  ];
}

/** https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html */
const BOOTSTRAP_ROLES = ["cfn-exec", "deploy", "file-publishing", "image-publishing", "lookup"];

function bootstrapOf({
  id,
  partition,
  regions,
  stacks,
}: Account): readonly (readonly [action: string, resource: string])[] {
  return regions.flatMap((region) => {
    const here = (service: string, name: string) => `arn:${partition}:${service}:${region}:${id}:${name}`;
    const roles = BOOTSTRAP_ROLES.map(
      (role) => `arn:${partition}:iam::${id}:role/cdk-hnb659fds-${role}-role-${id}-${region}`,
    );
    const bucket = `arn:${partition}:s3:::cdk-hnb659fds-assets-${id}-${region}`;
    const stackArns = ["CDKToolkit", ...stacks].map((stack) => here("cloudformation", `stack/${stack}/*`));
    return [
      ...roles.flatMap((role) =>
        actionsOf({ service: "iam", type: "AWS::IAM::Role" }).map((action) => [action, role] as const),
      ),
      ...stackArns.map((stack) => ["cloudformation:*", stack] as const),
      ...[bucket, `${bucket}/*`].flatMap((arn) =>
        ["s3:putobject", "s3:deleteobject", "s3:putbucketpolicy"].map((action) => [action, arn] as const),
      ),
      ["ssm:*", here("ssm", "parameter/cdk-bootstrap/hnb659fds/version")],
      ["ecr:*", here("ecr", `repository/cdk-hnb659fds-container-assets-${id}-${region}`)],
    ];
  });
}

/** They make principals, or give them rights; https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html */
const MAKING = [
  ...["attachrolepolicy", "attachuserpolicy", "createrole", "createuser", "putrolepermissionsboundary"],
  ...["putrolepolicy", "putuserpermissionsboundary", "putuserpolicy"],
];

const UNBINDING = ["deleterolepermissionsboundary", "deleteuserpermissionsboundary"];

/** Without a boundary, with any other than this one; and taking this one away. */
function unboundPrincipals({ id, partition }: Account, boundary: string): readonly Forbidden[] {
  const anyPrincipal = `arn:${partition}:iam::${id}:*`;
  const anyOther: Possible = { pattern: "*", except: [boundary] };
  return [
    ...MAKING.flatMap((action) =>
      [null, [anyOther]].map((bound) => ({
        action: `iam:${action}`,
        resource: anyPrincipal,
        context: { "iam:permissionsboundary": bound },
      })),
    ),
    ...UNBINDING.map((action) => ({
      action: `iam:${action}`,
      resource: anyPrincipal,
      context: { "iam:permissionsboundary": [exactly(boundary)] },
    })),
  ];
}
