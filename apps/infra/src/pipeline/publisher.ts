import type { GitHubActions, PipelineInfra } from "@windlass/account-mapping";
import {
  ArnPrincipal,
  CompositePrincipal,
  type IPrincipal,
  ManagedPolicy,
  Role,
  WebIdentityPrincipal,
} from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { acknowledgeWildcards } from "../acknowledge-wildcards.ts";
import { allow } from "../allow.ts";

export interface PublisherProps {
  readonly infra: PipelineInfra;
  readonly repositoryArns: readonly string[];
}

/** What publishing an image and moving an area's tag takes; nothing in it reaches beyond these repositories. */
const PUBLISH = [
  "ecr:BatchCheckLayerAvailability",
  "ecr:BatchGetImage",
  "ecr:CompleteLayerUpload",
  "ecr:DescribeImages",
  "ecr:GetDownloadUrlForLayer",
  "ecr:InitiateLayerUpload",
  "ecr:PutImage",
  "ecr:UploadLayerPart",
];

/**
 * Who builds images and publishes them: a policy to attach to what is there already, such as Jenkins's role, and roles
 * for those that the mapping names.
 */
export class Publisher extends Construct {
  constructor(scope: Construct, id: string, { infra, repositoryArns }: PublisherProps) {
    super(scope, id);
    const statements = [
      allow(["ecr:GetAuthorizationToken"], ["*"]),
      ...(repositoryArns.length === 0 ? [] : [allow(PUBLISH, repositoryArns)]),
    ];
    const policy = new ManagedPolicy(this, "Policy", {
      managedPolicyName: "windlass-publisher",
      description: "Publishes images and moves the tags of areas; nothing else",
      statements,
    });
    acknowledgeWildcards(
      policy,
      statements,
      "The login to ECR knows no resources. Repositories are named one by one; where they are too many for a policy, by the pattern of the mapping that they are all called by, in the account that holds nothing but them.",
    );
    const [first, ...others] = infra.publishers.map((arn): IPrincipal => new ArnPrincipal(arn));
    if (first !== undefined) this.addRole("Role", policy, new CompositePrincipal(first, ...others));
    if (infra.githubActions !== null) this.addRole("GitHubRole", policy, workflowPrincipal(infra.githubActions));
  }

  private addRole(id: string, policy: ManagedPolicy, assumedBy: IPrincipal): void {
    new Role(this, id, {
      roleName: id === "Role" ? "windlass-publisher" : "windlass-publisher-github",
      description: "Publishes images of Windlass",
      assumedBy,
      managedPolicies: [policy],
    });
  }
}

/** https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws */
function workflowPrincipal({ provider, subjects }: GitHubActions): IPrincipal {
  const [, issuer = ""] = provider.split(":oidc-provider/");
  return new WebIdentityPrincipal(provider, {
    StringEquals: { [`${issuer}:aud`]: "sts.amazonaws.com" },
    StringLike: { [`${issuer}:sub`]: [...subjects] },
  });
}
