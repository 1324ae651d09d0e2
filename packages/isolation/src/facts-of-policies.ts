import type { Fact } from "./fact.ts";
import type { FactReader, FactSource } from "./fact-source.ts";
import { isObject, type JsonObject, listOf } from "./json.ts";
import { parsePolicy } from "./parse-policy.ts";
import type { Place } from "./statement.ts";

/** Types that say who may do what with a resource. */
export const POLICY_FACTS: Readonly<Record<string, FactReader>> = {
  "AWS::IAM::Role": (source) => [attach(source, source.ownArn(), "AssumeRolePolicyDocument")],
  "AWS::S3::Bucket": (source) => readAcl(source),
  "AWS::S3::BucketPolicy": (source) => [attach(source, source.arn("s3", source.text("Bucket")), "PolicyDocument")],
  "AWS::SNS::TopicPolicy": (source) => source.texts("Topics").map((topic) => attach(source, topic, "PolicyDocument")),
  "AWS::SQS::QueuePolicy": (source) =>
    source.texts("Queues").map((url) => attach(source, source.arn("sqs", lastPart(url)), "PolicyDocument")),
  "AWS::KMS::Key": (source) => attachIfThere(source, source.ownArn(), "KeyPolicy"),
  "AWS::SecretsManager::ResourcePolicy": (source) => [attach(source, source.text("SecretId"), "ResourcePolicy")],
  "AWS::ECR::Repository": (source) => attachIfThere(source, source.ownArn(), "RepositoryPolicyText"),
  "AWS::ECR::RegistryPolicy": (source) => [attach(source, source.arn("ecr", "repository/*"), "PolicyText")],
  "AWS::ECR::ReplicationConfiguration": (source) => readReplication(source),
  "AWS::Events::EventBus": (source) => attachIfThere(source, source.ownArn(), "Policy"),
  "AWS::Events::EventBusPolicy": (source) => [readBusPolicy(source)],
  "AWS::Logs::ResourcePolicy": (source) => [attach(source, source.arn("logs", "log-group:*"), "PolicyDocument")],
  "AWS::Lambda::Permission": (source) => [readPermission(source)],
};

function attach(source: FactSource, target: string, property: string): Fact {
  return policyOn(target, source.value(property), source.place(property));
}

function policyOn(target: string, policy: unknown, place: Place): Fact {
  return { kind: "resource-policy", target, statements: parsePolicy(policy, place), place };
}

function attachIfThere(source: FactSource, target: string, property: string): readonly Fact[] {
  return source.has(property) ? [attach(source, target, property)] : [];
}

function lastPart(url: string): string {
  return url.slice(url.lastIndexOf("/") + 1);
}

/** Either `Statement`, which is one statement, or its parts. */
function readBusPolicy(source: FactSource): Fact {
  const bus = source.has("EventBusName") ? source.text("EventBusName") : "default";
  const target = source.arn("events", `event-bus/${bus}`);
  if (source.has("Statement")) {
    return policyOn(target, { Statement: source.value("Statement") }, source.place("Statement"));
  }
  const condition = source.value("Condition");
  const { Type: type, Key: key, Value: value }: JsonObject = isObject(condition) ? condition : {};
  const statement = {
    Effect: "Allow",
    Principal: namedPrincipal(source.text("Principal")),
    Action: source.value("Action"),
    ...(condition === undefined ? {} : { Condition: { [String(type)]: { [String(key)]: value } } }),
  };
  return policyOn(target, { Statement: statement }, source.place("Principal"));
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-permission.html */
function readPermission(source: FactSource): Fact {
  const name = source
    .text("FunctionName")
    .replace(/^.*:function:/, "")
    .replace(/:.*$/, "");
  const text = (property: string) => (source.has(property) ? source.text(property) : undefined);
  const conditions = [
    ["ArnLike", "aws:SourceArn", text("SourceArn")],
    ["StringEquals", "aws:SourceAccount", text("SourceAccount")],
    ["StringEquals", "aws:PrincipalOrgID", text("PrincipalOrgID")],
  ].flatMap(([operator = "", key = "", value]) => (value === undefined ? [] : [[operator, { [key]: value }] as const]));
  const statement = {
    Effect: "Allow",
    Principal: namedPrincipal(source.text("Principal")),
    Action: source.text("Action"),
    Condition: mergeByOperator(conditions),
  };
  return policyOn(source.arn("lambda", `function:${name}`), { Statement: statement }, source.place("Permission"));
}

function mergeByOperator(conditions: readonly (readonly [string, JsonObject])[]): JsonObject {
  const merged = new Map<string, JsonObject>();
  for (const [operator, keys] of conditions) merged.set(operator, { ...merged.get(operator), ...keys });
  return Object.fromEntries(merged);
}

/** `*`, an account, an ARN, or a service. */
function namedPrincipal(name: string): unknown {
  if (name === "*") return "*";
  return /^[a-z0-9.-]+\.amazon(aws)?\.com(\.cn)?$/.test(name) ? { Service: name } : { AWS: name };
}

/** An ACL knows neither conditions nor an end: none is needed where the bucket's owner owns everything. */
function readAcl(source: FactSource): readonly Fact[] {
  const acl = source.has("AccessControl") ? source.text("AccessControl") : "Private";
  if (["Private", "BucketOwnerFullControl", "BucketOwnerRead"].includes(acl)) return [];
  const why = `its access control list is ${acl}`;
  const hint = "leave AccessControl out, and say in a bucket policy who may do what";
  return [{ kind: "finding", finding: { code: "shared", ...source.place("AccessControl"), why, hint } }];
}

function readReplication(source: FactSource): readonly Fact[] {
  const place = source.place("ReplicationConfiguration");
  const configuration = source.value("ReplicationConfiguration");
  const rules = isObject(configuration) ? listOf(configuration["Rules"]) : [];
  const registries = rules
    .filter(isObject)
    .flatMap((rule) => listOf(rule["Destinations"]))
    .filter(isObject)
    .map((destination) => String(destination["RegistryId"]));
  return [...new Set(registries)]
    .filter((registry) => registry !== place.account)
    .map((registry) => ({
      kind: "finding",
      finding: {
        code: "replication",
        ...place,
        why: `images are pushed into the registry of ${registry}`,
        hint: "let areas pull from the pipeline account's registry instead",
      },
    }));
}
