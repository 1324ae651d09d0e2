import { CfnInstanceProfile, PolicyDocument, type PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { acknowledgeWildcards } from "../acknowledge-wildcards.ts";
import { allow } from "../allow.ts";
import { groupArn, roleArn, stateBucketArn } from "../area-names.ts";
import { ECR_READ_ACTIONS } from "../ecr-read-actions.ts";
import type { AreaScope } from "./area-scope.ts";

export interface InstanceRoleProps {
  readonly scope: AreaScope;
  /** ARNs of the objects that the instance boots with. */
  readonly bootObjects: readonly string[];
}

/** What the deploy instance itself may do. Terraform gets another role; see `ApplyRole`. */
export class InstanceRole extends Construct {
  readonly role: Role;
  readonly profileArn: string;

  constructor(scope: Construct, id: string, props: InstanceRoleProps) {
    super(scope, id);
    const { names } = props.scope;
    const statements = [
      ...stateStatements(props),
      ...registryStatements(props.scope),
      ...groupStatements(props.scope),
      allow(["sts:AssumeRole"], [roleArn(props.scope.area, names.applyRole)]),
    ];
    this.role = new Role(this, "Role", {
      roleName: names.instanceRole,
      description: "The deploy instance of Windlass: its runner, not Terraform",
      assumedBy: new ServicePrincipal("ec2.amazonaws.com"),
      inlinePolicies: { runner: new PolicyDocument({ statements }) },
    });
    const profile = new CfnInstanceProfile(this, "Profile", {
      instanceProfileName: names.instanceRole,
      roles: [this.role.roleName],
    });
    this.profileArn = profile.attrArn;
    acknowledgeWildcards(
      this.role,
      statements,
      "Describe calls of EC2 Auto Scaling and the login to ECR know no resources; the records of a run are named by deployment, which no policy can know; the deploy group's ARN has an id that only its creation gives, and its name is spelled out.",
    );
  }
}

/** Listing is what makes S3 say that an object is missing, and not that it is forbidden. */
function stateStatements({ scope, bootObjects }: InstanceRoleProps): readonly PolicyStatement[] {
  const bucketArn = stateBucketArn(scope.area);
  const records = ["assignment", "cancel", "claim", "lease", "result"];
  return [
    allow(["s3:ListBucket"], [bucketArn]),
    allow(["s3:GetObject"], [...records.map((record) => `${bucketArn}/runs/*/${record}.json`), ...bootObjects]),
    allow(["s3:PutObject"], [`${bucketArn}/runs/*`]),
  ];
}

function registryStatements({ registry }: AreaScope): readonly PolicyStatement[] {
  if (registry.terraform.length === 0) return [];
  return [allow(["ecr:GetAuthorizationToken"], ["*"]), allow(ECR_READ_ACTIONS.pull, registry.terraform)];
}

function groupStatements({ area, names }: AreaScope): readonly PolicyStatement[] {
  return [
    allow(["autoscaling:DescribeAutoScalingGroups", "autoscaling:DescribeAutoScalingInstances"], ["*"]),
    allow(
      [
        "autoscaling:SetDesiredCapacity",
        "autoscaling:SetInstanceProtection",
        "autoscaling:TerminateInstanceInAutoScalingGroup",
      ],
      [groupArn(area, names.deployGroup)],
    ),
  ];
}
