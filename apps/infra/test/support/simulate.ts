import { anonymousPrincipal, runSimulation } from "@cloud-copilot/iam-simulate";
import type { AccountTemplate, Examined } from "@windlass/isolation";
import { plainTemplate } from "./plain-template.ts";
import type { Resource } from "./templates.ts";

/** What an evaluator that is none of ours says: `unasked` where it knows no such action on such a resource. */
export type Simulated = "allowed" | "denied" | "unasked";

/** Answers rows of the proof's table by the policies of the templates, resolved by other means than the proof's. */
export function createSimulator(templates: readonly AccountTemplate[]): (row: Examined) => Promise<Simulated> {
  const resources = templates.flatMap((template) =>
    plainTemplate(template).map((resource) => ({ ...resource, account: template.account })),
  );
  const statements = new Map<string, readonly object[]>();
  for (const { arn, document } of resources.flatMap(policiesOf))
    statements.set(arn, [...(statements.get(arn) ?? []), ...document]);
  return async ({ principal, action, resource: pattern }) => {
    const resource = pattern.replaceAll("*", "any");
    const owner = resources.find(({ arn }) => pattern.startsWith(arn) || pattern === `${arn}:log-stream:*`);
    const accountId = owner?.account ?? pattern.split(":")[4] ?? "";
    const policy = (owner === undefined ? undefined : statements.get(owner.arn)) ?? statements.get(pattern);
    const boundary = boundaryOf(principal, resources, accountId);
    const { overallResult } = await runOne({
      request: {
        principal: principalOf(principal),
        action,
        resource: { resource, accountId },
        contextVariables: {
          "aws:SecureTransport": "true",
          "s3:TlsVersion": "1.3",
          ...contextOf(principal),
          ...tagsOf(owner),
        },
      },
      identityPolicies:
        principal.startsWith("arn:") || principal.startsWith("any") ? [{ name: "worst", policy: EVERYTHING }] : [],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      ...(policy === undefined ? {} : { resourcePolicy: document(policy) }),
      ...(boundary === null ? {} : { permissionBoundaryPolicies: [{ name: "boundary", policy: boundary }] }),
    });
    if (overallResult === null) return "unasked";
    return overallResult === "Allowed" ? "allowed" : "denied";
  };
}

async function runOne(
  simulation: Parameters<typeof runSimulation>[0],
): Promise<{ readonly overallResult: string | null }> {
  const result = await runSimulation(simulation, {});
  return { overallResult: result.resultType === "error" ? null : result.overallResult };
}

const document = (Statement: readonly object[]) => ({ Version: "2012-10-17", Statement });
const EVERYTHING = document([{ Effect: "Allow", Action: "*", Resource: "*" }]);

type Owned = Resource & { readonly arn: string; readonly account: string };

/** The policies that a resource carries, and what each is about. */
function policiesOf({
  Type,
  Properties,
  arn,
  account,
}: Owned): readonly { readonly arn: string; readonly document: readonly object[] }[] {
  const region = "ap-southeast-2";
  switch (Type) {
    case "AWS::IAM::Role":
      return [{ arn, document: Properties.AssumeRolePolicyDocument.Statement }];
    case "AWS::S3::BucketPolicy":
      return [{ arn: `arn:aws:s3:::${Properties.Bucket}`, document: Properties.PolicyDocument.Statement }];
    case "AWS::SNS::TopicPolicy":
      return Properties.Topics.map((topic: string) => ({ arn: topic, document: Properties.PolicyDocument.Statement }));
    case "AWS::ECR::Repository":
      return [
        { arn, document: Properties.RepositoryPolicyText.Statement.map((one: object) => ({ ...one, Resource: "*" })) },
      ];
    case "AWS::ECR::RegistryPolicy":
      return [{ arn: `arn:aws:ecr:${region}:${account}:repository/*`, document: Properties.PolicyText.Statement }];
    case "AWS::KMS::Key":
      return [{ arn, document: Properties.KeyPolicy.Statement }];
    case "AWS::SecretsManager::ResourcePolicy":
      return [{ arn: Properties.SecretId, document: Properties.ResourcePolicy.Statement }];
    default:
      return [];
  }
}

function boundaryOf(principal: string, resources: readonly Owned[], account: string): object | null {
  const role = resources.find(({ Type, arn }) => Type === "AWS::IAM::Role" && arn === principal);
  if (role?.Properties.PermissionsBoundary === undefined || role.account !== account) return null;
  const policy = resources.find(({ arn }) => arn === role.Properties.PermissionsBoundary);
  return policy?.Properties.PolicyDocument ?? null;
}

function principalOf(name: string) {
  if (name === "anonymous") return anonymousPrincipal;
  const [, account] = /^any other of (\d+)$/.exec(name) ?? [];
  if (account !== undefined) return `arn:aws:iam::${account}:role/somebody`;
  return name.split(" for ")[0] ?? name;
}

/** A service says for whom it acts. */
function contextOf(name: string): Readonly<Record<string, string>> {
  const [, account] = name.split(" for ");
  if (account === undefined) return name === "anonymous" ? {} : callerOf(String(principalOf(name)));
  return { "aws:SourceAccount": account, "aws:SourceArn": `arn:aws:events:ap-southeast-2:${account}:rule/any` };
}

/** Of a caller whose account is in the organisation that some mutants let in. */
function callerOf(arn: string): Readonly<Record<string, string>> {
  return {
    "aws:PrincipalOrgID": "o-example",
    "aws:PrincipalArn": arn,
    "aws:PrincipalAccount": arn.split(":")[4] ?? "",
  };
}

function tagsOf(owner: Owned | undefined): Readonly<Record<string, string>> {
  const tags = owner?.Properties.Tags ?? owner?.Properties.TagSpecifications?.[0]?.Tags;
  if (!Array.isArray(tags)) return {};
  return Object.fromEntries(tags.map(({ Key, Value }) => [`aws:ResourceTag/${Key}`, Value]));
}
