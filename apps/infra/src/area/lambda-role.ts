import type { GroupSelector } from "@windlass/account-mapping";
import { PolicyDocument, type PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { acknowledgeWildcards } from "../acknowledge-wildcards.ts";
import { allow } from "../allow.ts";
import { groupArn, stateBucketArn } from "../area-names.ts";
import { ECR_READ_ACTIONS } from "../ecr-read-actions.ts";
import type { AreaScope } from "./area-scope.ts";

export interface LambdaRoleProps {
  readonly scope: AreaScope;
  readonly logGroupArn: string;
  readonly topicArns: readonly string[];
  /** Null where the mapping has no GitHub. */
  readonly secretArn: string | null;
  /** Of the object with the area's slice; null where the environment holds it. */
  readonly mappingObjectArn: string | null;
}

/** So many groups are named one by one; a role's policies have no room for more. */
const MOST_GROUPS = 25;

/** What the deploy Lambda may do: each action is a call of its adapters, on what they call it for. */
export class LambdaRole extends Construct {
  readonly role: Role;

  constructor(scope: Construct, id: string, props: LambdaRoleProps) {
    super(scope, id);
    const statements = [
      ...stateStatements(props),
      ...registryStatements(props.scope),
      ...deployGroupStatements(props.scope),
      ...refreshStatements(props.scope),
      ...reportStatements(props),
      allow(["logs:CreateLogStream", "logs:PutLogEvents"], [props.logGroupArn]),
    ];
    this.role = new Role(this, "Role", {
      roleName: props.scope.names.lambdaRole,
      description: "The deploy Lambda of Windlass",
      assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
      inlinePolicies: { tick: new PolicyDocument({ statements }) },
    });
    acknowledgeWildcards(
      this.role,
      statements,
      "Describe calls of EC2 and EC2 Auto Scaling know no resources; objects of runs, controls and history are named by deployment, which no policy can know; a group's ARN has an id that only its creation gives, and its name is spelled out; Secrets Manager adds six characters to a name.",
    );
  }
}

/** Listing is what makes S3 say that an object is missing, and not that it is forbidden. */
function stateStatements({ scope, mappingObjectArn }: LambdaRoleProps): readonly PolicyStatement[] {
  const bucketArn = stateBucketArn(scope.area);
  const objects = (...keys: readonly string[]) => keys.map((key) => `${bucketArn}/${key}`);
  const records = ["claim", "lease", "result"].map((record) => `runs/*/${record}.json`);
  const written = ["ledger.json", "runs/*/assignment.json", "runs/*/claim.json", "history/*"];
  return [
    allow(["s3:ListBucket"], [bucketArn]),
    allow(
      ["s3:GetObject"],
      [...objects(...new Set([...written, ...records]), "controls/*"), ...listOf(mappingObjectArn)],
    ),
    allow(["s3:PutObject"], objects(...written, "runs/*/cancel.json")),
    allow(["s3:DeleteObject"], objects("controls/*")),
  ];
}

function registryStatements({ registry }: AreaScope): readonly PolicyStatement[] {
  if (registry.all.length === 0) return [];
  return [allow(ECR_READ_ACTIONS.look, registry.all)];
}

function deployGroupStatements({ area, names }: AreaScope): readonly PolicyStatement[] {
  return [
    allow(
      [
        "autoscaling:DescribeAutoScalingGroups",
        "autoscaling:DescribeAutoScalingInstances",
        "autoscaling:DescribeInstanceRefreshes",
        "autoscaling:DescribeScalingActivities",
        "ec2:DescribeInstances",
      ],
      ["*"],
    ),
    allow(
      [
        "autoscaling:CreateOrUpdateTags",
        "autoscaling:SetDesiredCapacity",
        "autoscaling:TerminateInstanceInAutoScalingGroup",
      ],
      [groupArn(area, names.deployGroup)],
    ),
  ];
}

const REFRESH = [
  "autoscaling:CancelInstanceRefresh",
  "autoscaling:CreateOrUpdateTags",
  "autoscaling:StartInstanceRefresh",
];

function refreshStatements({ mapping, area }: AreaScope): readonly PolicyStatement[] {
  const selectors = Object.values(mapping.images).flatMap((image) =>
    image.kind === "instance-refresh" ? [image.groups] : [],
  );
  const names = [...new Set(selectors.flatMap((selector) => (selector.kind === "names" ? selector.names : [])))].sort();
  const named = names.length > MOST_GROUPS ? ["*"] : names;
  return [
    ...(named.length === 0
      ? []
      : [
          allow(
            REFRESH,
            named.map((name) => groupArn(area, name)),
          ),
        ]),
    ...tagConditions(selectors).map(([key, words]) =>
      allow(REFRESH, [groupArn(area, "*")], {
        StringLike: { [`autoscaling:ResourceTag/${key}`]: words.map((word) => `*${word}*`) },
      }),
    ),
  ];
}

/** The words by the key of the tag that must include one of them. */
function tagConditions(selectors: readonly GroupSelector[]): readonly (readonly [string, readonly string[]])[] {
  const byKey = new Map<string, Set<string>>();
  for (const selector of selectors) {
    if (selector.kind === "tag") byKey.set(selector.key, (byKey.get(selector.key) ?? new Set()).add(selector.includes));
  }
  return [...byKey].map(([key, words]) => [key, words.size > MOST_GROUPS ? ["*"] : [...words].sort()]);
}

function reportStatements({ topicArns, secretArn }: LambdaRoleProps): readonly PolicyStatement[] {
  return [
    allow(["sns:Publish"], topicArns),
    ...(secretArn === null ? [] : [allow(["secretsmanager:GetSecretValue"], [secretArn])]),
  ];
}

function listOf(value: string | null): readonly string[] {
  return value === null ? [] : [value];
}
