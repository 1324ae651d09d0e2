import { listRule, objectRule, type Rule, rule } from "./rule.ts";
import { hintFor } from "./suggest.ts";

const NUMBER_HINT = "write a whole number without a unit";
const NETWORK_HINT = "write { vpc: vpc-..., subnets: [subnet-...] }, or { cidr: 10.64.0.0/26 } for a VPC of its own";

/** The rules of the `infra` blocks; see `rules`. */
export const infraRules = {
  infra: objectRule("wrong-type", "what the infrastructure is made of"),
  areaInfra: objectRule("wrong-type", "what the area's infrastructure is made of"),
  pipelineInfra: objectRule("wrong-type", "what the pipeline account's infrastructure is made of"),
  githubActions: objectRule("wrong-type", "subjects, and perhaps a provider"),
  network: objectRule("wrong-type", "vpc and subnets, or cidr"),
  networkForm: rule("invalid-network", "either vpc and subnets, or cidr alone", NETWORK_HINT),
  vpc: rule("invalid-network", "a VPC's id, or ssm: and the name of a parameter", NETWORK_HINT),
  subnets: listRule("a list of subnets"),
  subnet: rule("invalid-network", "a subnet's id, or ssm: and the name of a parameter that holds one", NETWORK_HINT),
  fewSubnets: rule("too-few-entries", "at least one subnet", NETWORK_HINT),
  cidr: rule(
    "invalid-network",
    "a network of IPv4 addresses from /16 to /27, by its first address, such as 10.64.0.0/26",
    "it is divided into two subnets: leave it out to take 10.64.0.0/26",
  ),
  prefix: rule(
    "invalid-name",
    "windlass, or windlass- and small letters, digits and dashes: 24 characters at most",
    "what is called so is out of reach for the Terraform that Windlass runs: write windlass-<workload>",
  ),
  architecture: rule("invalid-architecture", "x86_64 or arm64", (text) =>
    hintFor(text, ["x86_64", "arm64"], "write arm64 for Graviton, x86_64 for all others"),
  ),
  instanceTypes: listRule("a list of instance types"),
  instanceType: rule("invalid-instance-type", "an EC2 instance type, such as t3.medium", "write family.size"),
  fewInstanceTypes: rule("too-few-entries", "at least one instance type", "leave the key out for the default"),
  manyInstanceTypes: rule("too-many-entries", "20 instance types at most", "keep those that you prefer"),
  typeOfArchitecture: rule(
    "architecture-mismatch",
    "instance types of the area's architecture",
    "Graviton types have a g after the generation, such as t4g.medium: set architecture: arm64 for them",
  ),
  volume: rule("invalid-number", "a whole number of GiB from 8 to 1024", NUMBER_HINT),
  applyPolicies: listRule("a list of managed policies"),
  policy: rule(
    "invalid-policy",
    "a managed policy: the name of one of AWS's, or an ARN",
    "write AdministratorAccess, or arn:aws:iam::<the area's account>:policy/<name>",
  ),
  fewPolicies: rule("too-few-entries", "at least one managed policy", "leave the key out for the default"),
  manyPolicies: rule("too-many-entries", "10 managed policies at most", "IAM takes no more: put them together"),
  readers: listRule("a list of names of roles"),
  reader: rule("invalid-principal", "the name of a role of the area's account", "use the name, not the ARN"),
  manyReaders: rule("too-many-entries", "50 roles at most", "let instances share a role"),
  memory: rule("invalid-number", "a whole number of MiB from 128 to 3008", NUMBER_HINT),
  concurrency: rule("invalid-number", "a whole number from 1 to 100", "leave it out to reserve none"),
  logRetention: rule(
    "invalid-number",
    "a number of days that CloudWatch Logs takes, such as 30, 90, 365 or 3653",
    "write the next longer one of them",
  ),
  evening: rule("invalid-hours", 'a local time such as "20:00"', "write two digits each, from 00:00 to 23:59"),
  githubSecret: rule(
    "invalid-name",
    "a secret's name that does not end in a dash and six characters",
    "use the name, not the ARN",
  ),
  createGithubSecret: rule("wrong-type", "true or false", "write true to have the area's stack make the secret"),
  alarms: rule("invalid-alarms", "an e-mail address, or the ARN of an SNS topic", "write ops@example.com"),
  bucket: rule(
    "invalid-name",
    "a bucket's name: 3 to 63 small letters, digits and dashes",
    "leave it out for windlass-state-<account>-<region>",
  ),
  deployGroup: rule(
    "invalid-group-name",
    "an Auto Scaling group's name: up to 255 letters, digits and . _ / -",
    "leave it out for windlass-deploy",
  ),
  publishers: listRule("a list of ARNs"),
  principal: rule(
    "invalid-principal",
    "the ARN of a role or user, never of a whole account",
    "write arn:aws:iam::<account>:role/<name>",
  ),
  subjects: listRule("a list of patterns of subjects"),
  subject: rule(
    "invalid-subject",
    "repo:<organization>/<repository>:<what>, the organization without wildcards",
    "write repo:<organization>/<repository>:ref:refs/heads/<branch>",
  ),
  fewSubjects: rule("too-few-entries", "at least one subject", "leave githubActions out to let no workflow publish"),
  provider: rule(
    "invalid-principal",
    "the ARN of an OpenID Connect provider",
    "leave it out for token.actions.githubusercontent.com in the registry's account",
  ),
  stacks: rule("invalid-number", "a whole number from 1 to 50", NUMBER_HINT),
  keepBuilds: rule("invalid-number", "a whole number from 1 to 9999", NUMBER_HINT),
} satisfies Readonly<Record<string, Rule>>;
