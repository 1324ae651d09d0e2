import { Effect, ManagedPolicy, PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { acknowledgeWildcards } from "../acknowledge-wildcards.ts";
import { groupArn, partitionOf, stateBucketArn } from "../area-names.ts";
import type { AreaScope } from "./area-scope.ts";

/** On everything of an area's stack that can have tags; the boundary keeps Terraform from whatever has it. */
export const OWNER_TAG = "windlass:owner";

/**
 * What Terraform may never do, whatever else its role allows: touch Windlass and the CDK's bootstrap, become another
 * role, or make a principal without this very boundary. Without the last two, all others could be gone around.
 */
export class ApplyBoundary extends Construct {
  readonly policy: ManagedPolicy;

  constructor(scope: Construct, id: string, area: AreaScope) {
    super(scope, id);
    const { account, region } = area.area;
    const ownArn = `arn:${partitionOf(region)}:iam::${account}:policy/${area.names.applyBoundary}`;
    const statements = [
      new PolicyStatement({ sid: "Everything", actions: ["*"], resources: ["*"] }),
      deny("NotWindlassOrCdk", ["*"], protectedArns(area)),
      ...stateStatements(area),
      deny("NotWhatIsTagged", null, ["*"], { Null: { [`aws:ResourceTag/${OWNER_TAG}`]: "false" } }),
      deny("NoOtherRole", ["sts:AssumeRole"], ["*"]),
      deny("NoUnboundPrincipal", UNBOUND_ACTIONS, ["*"], { StringNotEquals: { "iam:PermissionsBoundary": ownArn } }),
      deny("NoUnbinding", ["iam:DeleteRolePermissionsBoundary", "iam:DeleteUserPermissionsBoundary"], ["*"]),
    ];
    this.policy = new ManagedPolicy(this, "Policy", {
      managedPolicyName: area.names.applyBoundary,
      description: "What Terraform may never do in this account",
      statements,
    });
    acknowledgeWildcards(
      this.policy,
      statements,
      "A boundary grants nothing by itself: its one statement that allows is the most that the role's policies may grant, and every other wildcard belongs to a statement that denies.",
    );
  }
}

/** Those that make a principal or give one more rights: only to principals with the boundary. */
const UNBOUND_ACTIONS = [
  "iam:AttachRolePolicy",
  "iam:AttachUserPolicy",
  "iam:CreateRole",
  "iam:CreateUser",
  "iam:PutRolePermissionsBoundary",
  "iam:PutRolePolicy",
  "iam:PutUserPermissionsBoundary",
  "iam:PutUserPolicy",
];

/** By name, since names are all that a template that is not deployed yet knows. Prefixes start with `windlass`. */
function protectedArns({ area, names }: AreaScope): readonly string[] {
  const { account, region, infra } = area;
  const partition = partitionOf(region);
  const iam = (kind: string) => [`arn:${partition}:iam::${account}:${kind}/windlass*`];
  const here = (service: string, resource: string) => `arn:${partition}:${service}:${region}:${account}:${resource}`;
  return [
    ...["role", "policy", "instance-profile"].flatMap(iam),
    `arn:${partition}:iam::${account}:role/cdk-*`,
    here("lambda", "function:windlass*"),
    here("logs", "log-group:/aws/lambda/windlass*"),
    here("logs", "log-group:/windlass*"),
    here("events", "rule/windlass*"),
    here("scheduler", "schedule/windlass*"),
    here("scheduler", "schedule-group/windlass*"),
    here("sns", "windlass*"),
    here("cloudwatch", "alarm:windlass*"),
    here("secretsmanager", `secret:${infra.githubSecret}-*`),
    groupArn(area, names.deployGroup),
    here("cloudformation", "stack/windlass*"),
    here("cloudformation", "stack/CDKToolkit/*"),
    here("ssm", "parameter/cdk-bootstrap/*"),
    here("ecr", "repository/cdk-*"),
    `arn:${partition}:s3:::cdk-*`,
  ];
}

/** Of the state bucket, Terraform's own states are all that it may reach, and not their past versions. */
function stateStatements({ area }: AreaScope): readonly PolicyStatement[] {
  const bucket = stateBucketArn(area);
  const records = ["ledger.json", "runs/*", "controls/*", "history/*"].map((key) => `${bucket}/${key}`);
  return [
    deny("NotTheRecords", ["s3:*"], records),
    deny("NotThePast", ["s3:DeleteObjectVersion", "s3:PutObjectRetention"], [`${bucket}/state/*`]),
    new PolicyStatement({
      sid: "NotTheBucket",
      effect: Effect.DENY,
      notActions: ["s3:GetObject*", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket", "s3:GetBucketLocation"],
      resources: [bucket],
    }),
  ];
}

/** Without actions: all but S3's, since the state bucket is tagged, too, and has statements of its own. */
function deny(
  sid: string,
  actions: readonly string[] | null,
  resources: readonly string[],
  conditions: Readonly<Record<string, unknown>> = {},
): PolicyStatement {
  return new PolicyStatement({
    sid,
    effect: Effect.DENY,
    ...(actions === null ? { notActions: ["s3:*"] } : { actions: [...actions] }),
    resources: [...resources],
    conditions: { ...conditions },
  });
}
