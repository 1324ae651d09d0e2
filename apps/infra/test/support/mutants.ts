import type { FindingCode } from "@windlass/isolation";
import { add, boundaryStatement, find, grant, type Mutate, trust, without } from "./mutate.ts";
import type { Resource } from "./templates.ts";

/** A fault that somebody might make, and what must be found of it. */
export interface Mutant {
  readonly name: string;
  readonly stack: "windlass-pipeline" | "windlass-area-production" | "windlass-area-scratch";
  readonly change: Mutate;
  readonly code: FindingCode;
}

const PIPELINE = "111111111111";
const SCRATCH = "222222222222";
const STRANGER = "999999999999";
const root = (account: string) => ({ AWS: `arn:aws:iam::${account}:root` });
const policy = (...Statement: readonly object[]) => ({ Version: "2012-10-17", Statement });
const allow = { Effect: "Allow" };

function bucketPolicy(resources: Record<string, Resource>, statement: object): void {
  find(resources, "AWS::S3::BucketPolicy").PolicyDocument.Statement.push({ ...allow, ...statement });
}

function repositoryPolicy(resources: Record<string, Resource>): Resource["Properties"] {
  return find(resources, "AWS::ECR::Repository", "dga-network").RepositoryPolicyText;
}

const objects = { Resource: "arn:aws:s3:::windlass-state-444444444444-ap-southeast-2/*" };
const topic = "arn:aws:sns:ap-southeast-2:444444444444:windlass-error";
const organisation = { Condition: { StringEquals: { "aws:PrincipalOrgID": "o-example" } } };

const IN_AREA: readonly Omit<Mutant, "stack">[] = [
  {
    name: "a trust on the pipeline's root",
    code: "open-to-account",
    change: (r) => trust(r, "windlass-apply", { Principal: root(PIPELINE) }),
  },
  {
    name: "a trust on the pipeline's root with an external id",
    code: "open-to-account",
    change: (r) =>
      trust(r, "windlass-apply", { Principal: root(PIPELINE), Condition: { StringEquals: { "sts:ExternalId": "x" } } }),
  },
  {
    name: "a trust on a role of a lower area",
    code: "open-to-account",
    change: (r) => trust(r, "windlass-apply", { Principal: { AWS: `arn:aws:iam::${SCRATCH}:role/windlass-instance` } }),
  },
  {
    name: "a trust on one session of a role of a lower area",
    code: "open-to-account",
    change: (r) =>
      trust(r, "windlass-apply", { Principal: { AWS: `arn:aws:sts::${SCRATCH}:assumed-role/windlass-instance/i-1` } }),
  },
  {
    name: "a trust on an identity provider",
    code: "open-to-federation",
    change: (r) =>
      trust(r, "windlass-lambda", {
        Action: "sts:AssumeRoleWithWebIdentity",
        Principal: { Federated: "arn:aws:iam::444444444444:oidc-provider/token.actions.githubusercontent.com" },
        Condition: {
          StringEquals: {
            "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
            "token.actions.githubusercontent.com:sub": "repo:AusDTO/dga-network:ref:refs/heads/main",
          },
        },
      }),
  },
  {
    name: "a bucket policy for the whole organisation",
    code: "open-to-strangers",
    change: (r) => bucketPolicy(r, { ...objects, ...organisation, Principal: "*", Action: "s3:GetObject" }),
  },
  {
    name: "a bucket policy for all but the account itself",
    code: "open-to-all",
    change: (r) => bucketPolicy(r, { ...objects, NotPrincipal: root("444444444444"), Action: "s3:GetObject" }),
  },
  {
    name: "a bucket policy for all but some objects",
    code: "open-to-account",
    change: (r) =>
      bucketPolicy(r, {
        NotResource: "arn:aws:s3:::windlass-state-444444444444-ap-southeast-2/state/*",
        Principal: root(PIPELINE),
        NotAction: "s3:PutObject",
      }),
  },
  {
    name: "a bucket policy for an address range",
    code: "open-to-all",
    change: (r) =>
      bucketPolicy(r, {
        ...objects,
        Principal: "*",
        Action: "s3:PutObject",
        Condition: { IpAddress: { "aws:SourceIp": "192.0.2.0/24" } },
      }),
  },
  {
    name: "an allow that a deny takes back under an unknown condition",
    code: "open-to-account",
    change(r) {
      bucketPolicy(r, { ...objects, Principal: root(PIPELINE), Action: "s3:PutObject" });
      bucketPolicy(r, {
        ...objects,
        Principal: "*",
        Action: "s3:*",
        Effect: "Deny",
        Condition: { Bool: { "aws:ViaAWSService": "false" } },
      });
    },
  },
  {
    name: "a public access control list",
    code: "shared",
    change: (r) => Object.assign(find(r, "AWS::S3::Bucket"), { AccessControl: "PublicRead" }),
  },
  {
    name: "a bucket without its statement on access points",
    code: "bucket-by-access-point",
    change(r) {
      const { PolicyDocument } = find(r, "AWS::S3::BucketPolicy");
      PolicyDocument.Statement = PolicyDocument.Statement.filter(
        ({ Sid }: { readonly Sid?: string }) => Sid !== "NoAccessPoints",
      );
    },
  },
  {
    name: "a registry policy that lets the pipeline replicate into the area",
    code: "open-to-account",
    change: (r) =>
      add(r, "AWS::ECR::RegistryPolicy", {
        PolicyText: policy({
          ...allow,
          Principal: root(PIPELINE),
          Action: ["ecr:CreateRepository", "ecr:ReplicateImage"],
          Resource: "arn:aws:ecr:ap-southeast-2:444444444444:repository/*",
        }),
      }),
  },
  {
    name: "a topic for everybody",
    code: "open-to-all",
    change: (r) =>
      add(r, "AWS::SNS::TopicPolicy", {
        Topics: [topic],
        PolicyDocument: policy({ ...allow, Principal: "*", Action: "sns:Publish", Resource: topic }),
      }),
  },
  {
    name: "a topic for a service, whoever it serves",
    code: "open-to-service",
    change: (r) =>
      add(r, "AWS::SNS::TopicPolicy", {
        Topics: [topic],
        PolicyDocument: policy({
          ...allow,
          Principal: { Service: "s3.amazonaws.com" },
          Action: "sns:Publish",
          Resource: topic,
        }),
      }),
  },
  {
    name: "a topic for a service on behalf of a bucket, which may be anybody's",
    code: "open-to-service",
    change: (r) =>
      add(r, "AWS::SNS::TopicPolicy", {
        Topics: [topic],
        PolicyDocument: policy({
          ...allow,
          Principal: { Service: "s3.amazonaws.com" },
          Action: "sns:Publish",
          Resource: topic,
          Condition: { ArnLike: { "aws:SourceArn": "arn:aws:s3:::uploads" } },
        }),
      }),
  },
  {
    name: "a function that everybody may call",
    code: "open-to-all",
    change: (r) =>
      add(r, "AWS::Lambda::Permission", {
        FunctionName: "windlass-tick",
        Action: "lambda:InvokeFunction",
        Principal: "*",
      }),
  },
  {
    name: "a function that another account may change",
    code: "open-to-account",
    change: (r) =>
      add(r, "AWS::Lambda::Permission", {
        FunctionName: "arn:aws:lambda:ap-southeast-2:444444444444:function:windlass-tick:live",
        Action: "lambda:UpdateFunctionCode",
        Principal: SCRATCH,
      }),
  },
  {
    name: "a function that rules of other accounts call",
    code: "open-to-service",
    change: (r) =>
      add(r, "AWS::Lambda::Permission", {
        FunctionName: "windlass-tick",
        Action: "lambda:InvokeFunction",
        Principal: "events.amazonaws.com",
        SourceArn: "arn:aws:events:ap-southeast-2:*:rule/windlass-result",
      }),
  },
  {
    name: "a key for another account",
    code: "open-to-strangers",
    change: (r) =>
      add(r, "AWS::KMS::Key", {
        KeyPolicy: policy({ ...allow, Principal: root(STRANGER), Action: "kms:CreateGrant", Resource: "*" }),
      }),
  },
  {
    name: "an event bus for the pipeline",
    code: "open-to-account",
    change: (r) =>
      add(r, "AWS::Events::EventBusPolicy", {
        StatementId: "pipeline",
        Action: "events:PutEvents",
        Principal: PIPELINE,
      }),
  },
  {
    name: "an event bus for the organisation",
    code: "open-to-strangers",
    change: (r) =>
      add(r, "AWS::Events::EventBusPolicy", {
        StatementId: "organisation",
        Action: "events:PutEvents",
        Principal: "*",
        Condition: { Type: "StringEquals", Key: "aws:PrincipalOrgID", Value: "o-example" },
      }),
  },
  {
    name: "a secret for the pipeline",
    code: "open-to-account",
    change: (r) =>
      add(r, "AWS::SecretsManager::ResourcePolicy", {
        SecretId: "arn:aws:secretsmanager:ap-southeast-2:444444444444:secret:windlass/github-app-abcdef",
        ResourcePolicy: policy({
          ...allow,
          Principal: root(PIPELINE),
          Action: "secretsmanager:GetSecretValue",
          Resource: "*",
        }),
      }),
  },
  {
    name: "iam:PassRole on everything",
    code: "can-escalate",
    change: (r) => grant(r, "windlass-lambda", { Action: "iam:PassRole", Resource: "*" }),
  },
  {
    name: "an instance role that may assume every role",
    code: "can-escalate",
    change: (r) => grant(r, "windlass-instance", { Action: "sts:AssumeRole", Resource: "*" }),
  },
  {
    name: "an instance role that may assume a role without a boundary",
    code: "can-escalate",
    change: (r) =>
      grant(r, "windlass-instance", {
        Action: "sts:AssumeRole",
        Resource: "arn:aws:iam::444444444444:role/windlass-lambda",
      }),
  },
  {
    name: "everything but a few actions",
    code: "can-escalate",
    change: (r) => grant(r, "windlass-lambda", { NotAction: ["iam:*", "organizations:*"], Resource: "*" }),
  },
  {
    name: "a managed policy of AWS for the deploy Lambda",
    code: "rights-unknown",
    change: (r) =>
      Object.assign(find(r, "AWS::IAM::Role", "windlass-lambda"), {
        ManagedPolicyArns: ["arn:aws:iam::aws:policy/PowerUserAccess"],
      }),
  },
  {
    name: "an apply role without its boundary",
    code: "rights-unknown",
    change: (r) => void Reflect.deleteProperty(find(r, "AWS::IAM::Role", "windlass-apply"), "PermissionsBoundary"),
  },
  {
    name: "an apply role with a boundary that is somewhere else",
    code: "rights-unknown",
    change: (r) =>
      Object.assign(find(r, "AWS::IAM::Role", "windlass-apply"), {
        PermissionsBoundary: "arn:aws:iam::aws:policy/PowerUserAccess",
      }),
  },
  ...["NotWindlassOrCdk", "NotTheRecords", "NotThePast", "NotTheBucket", "NotWhatIsTagged"].map(boundaryWithout),
  ...["NoOtherRole", "NoUnboundPrincipal", "NoUnbinding"].map(boundaryWithout),
  {
    name: "a boundary that takes any boundary for its own",
    code: "boundary-hole",
    change: (r) =>
      Object.assign(boundaryStatement(r, "NoUnboundPrincipal"), {
        Condition: { Null: { "iam:PermissionsBoundary": "true" } },
      }),
  },
  {
    name: "a boundary that knows nothing of the CDK's roles",
    code: "boundary-hole",
    change(r) {
      const statement = boundaryStatement(r, "NotWindlassOrCdk");
      statement.Resource = statement.Resource.filter((arn: string) => !arn.endsWith(":role/cdk-*"));
    },
  },
  {
    name: "a boundary with a wildcard in the type of a resource, which IAM does not take",
    code: "boundary-hole",
    change(r) {
      const statement = boundaryStatement(r, "NotWindlassOrCdk");
      statement.Resource = statement.Resource.map((arn: string) => arn.replace(":schedule/", ":schedul*/"));
    },
  },
  {
    name: "a boundary that denies under a condition that may not hold",
    code: "boundary-hole",
    change: (r) =>
      Object.assign(boundaryStatement(r, "NotWindlassOrCdk"), {
        Condition: { Bool: { "aws:MultiFactorAuthPresent": "false" } },
      }),
  },
  {
    name: "a resource that is not tagged",
    code: "boundary-hole",
    change: (r) => void Reflect.deleteProperty(find(r, "AWS::EC2::SecurityGroup"), "Tags"),
  },
  {
    name: "instances that do not inherit the tag",
    code: "boundary-hole",
    change: (r) => void Reflect.deleteProperty(find(r, "AWS::AutoScaling::AutoScalingGroup"), "Tags"),
  },
  {
    name: "a role of the area that may push images",
    code: "reaches-out",
    change: (r) =>
      grant(r, "windlass-instance", {
        Action: "ecr:PutImage",
        Resource: `arn:aws:ecr:ap-southeast-2:${PIPELINE}:repository/dga-network`,
      }),
  },
  {
    name: "a bucket policy whose principal another stack exports",
    code: "cannot-resolve",
    change: (r) =>
      bucketPolicy(r, { ...objects, Principal: { AWS: { "Fn::ImportValue": "reader" } }, Action: "s3:GetObject" }),
  },
  {
    name: "a trust whose principal is a parameter",
    code: "cannot-resolve",
    change: (r) => trust(r, "windlass-apply", { Principal: { AWS: { Ref: "Trusted" } } }),
  },
  {
    name: "a policy that is there under a condition",
    code: "cannot-resolve",
    change: (r) => {
      const [id, resource] = Object.entries(r).find(([, { Type }]) => Type === "AWS::S3::BucketPolicy") ?? [];
      if (id !== undefined && resource !== undefined) r[id] = { ...resource, Condition: "IsProduction" };
    },
  },
  {
    name: "a statement with a misspelt effect",
    code: "policy-unreadable",
    change: (r) => bucketPolicy(r, { ...objects, Effect: "allow", Principal: "*", Action: "s3:GetObject" }),
  },
  {
    name: "something that is shared by other means",
    code: "unknown-type",
    change: (r) => add(r, "AWS::RAM::ResourceShare", { Principals: [PIPELINE] }),
  },
];

const IN_PIPELINE: readonly Omit<Mutant, "stack">[] = [
  {
    name: "replication into an area's registry",
    code: "replication",
    change: (r) =>
      add(r, "AWS::ECR::ReplicationConfiguration", {
        ReplicationConfiguration: {
          Rules: [{ Destinations: [{ Region: "ap-southeast-2", RegistryId: "444444444444" }] }],
        },
      }),
  },
  {
    name: "a repository in which a wildcard names the roles",
    code: "open-to-account",
    change(r) {
      const [statement] = repositoryPolicy(r).Statement;
      statement.Condition = { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/windlass-*" } };
    },
  },
  {
    name: "a repository without the condition on roles",
    code: "open-to-account",
    change: (r) => void Reflect.deleteProperty(repositoryPolicy(r).Statement[0], "Condition"),
  },
  {
    name: "a repository that an area may push into",
    code: "open-to-account",
    change: (r) => repositoryPolicy(r).Statement[1].Action.push("ecr:PutImage"),
  },
  {
    name: "a repository for the whole organisation",
    code: "open-to-strangers",
    change: (r) =>
      repositoryPolicy(r).Statement.push({ ...allow, ...organisation, Principal: "*", Action: "ecr:BatchGetImage" }),
  },
  {
    name: "a repository that an instance reads without need",
    code: "reads-too-much",
    change(r) {
      const { Statement } = find(r, "AWS::ECR::Repository", "dga-web").RepositoryPolicyText;
      Statement[0].Condition.ArnEquals["aws:PrincipalArn"].push("arn:aws:iam::444444444444:role/windlass-instance");
    },
  },
  {
    name: "a publisher who may assume a role of production",
    code: "reaches-out",
    change: (r) =>
      find(r, "AWS::IAM::ManagedPolicy").PolicyDocument.Statement.push({
        ...allow,
        Action: "sts:AssumeRole",
        Resource: "arn:aws:iam::444444444444:role/windlass-apply",
      }),
  },
  {
    name: "a publisher who may change the repositories' policies",
    code: "can-escalate",
    change: (r) =>
      find(r, "AWS::IAM::ManagedPolicy").PolicyDocument.Statement[1].Action.push("ecr:SetRepositoryPolicy"),
  },
  {
    name: "a trust on everybody's workflows",
    code: "open-to-federation",
    change: (r) =>
      trust(r, "windlass-publisher", {
        Action: "sts:AssumeRoleWithWebIdentity",
        Principal: { Federated: "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com" },
        Condition: { StringEquals: { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" } },
      }),
  },
];

function boundaryWithout(sid: string): Omit<Mutant, "stack"> {
  return { name: `a boundary without ${sid}`, code: "boundary-hole", change: (r) => without(r, sid) };
}

export const MUTANTS: readonly Mutant[] = [
  ...IN_AREA.map((mutant) => ({ ...mutant, stack: "windlass-area-production" as const })),
  ...IN_PIPELINE.map((mutant) => ({ ...mutant, stack: "windlass-pipeline" as const })),
];
