import { Validations } from "aws-cdk-lib";
import { ArnPrincipal, ManagedPolicy, Role } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { partitionOf } from "../area-names.ts";
import { ApplyBoundary } from "./apply-boundary.ts";
import type { AreaScope } from "./area-scope.ts";

export interface ApplyRoleProps {
  readonly scope: AreaScope;
  /** The only one that may assume it. */
  readonly instanceRole: Role;
}

/** The role that Terraform gets: what the mapping grants it, within the boundary. */
export class ApplyRole extends Construct {
  readonly role: Role;

  constructor(scope: Construct, id: string, { scope: area, instanceRole }: ApplyRoleProps) {
    super(scope, id);
    const policies = area.area.infra.applyPolicies.map((policy) => policyArn(area.area.region, policy));
    const boundary = new ApplyBoundary(this, "Boundary", area);
    this.role = new Role(this, "Role", {
      roleName: area.names.applyRole,
      description: "What Terraform gets from Windlass",
      assumedBy: new ArnPrincipal(instanceRole.roleArn),
      permissionsBoundary: boundary.policy,
      managedPolicies: policies.map((arn, index) =>
        ManagedPolicy.fromManagedPolicyArn(this, `Policy${index + 1}`, arn),
      ),
    });
    const reason =
      "Which managed policies Terraform gets is the account mapping's to say, and the boundary keeps it from Windlass, from the CDK's bootstrap, from other roles and from principals without that boundary, whatever the policies grant.";
    const findings = policies.map((arn) => `AwsSolutions-IAM4[Policy::${arn}]`);
    Validations.of(this.role).acknowledge(...findings.map((id) => ({ id, reason })));
  }
}

function policyArn(region: string, policy: string): string {
  return policy.startsWith("arn:") ? policy : `arn:${partitionOf(region)}:iam::aws:policy/${policy}`;
}
