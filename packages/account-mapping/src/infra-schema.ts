import * as z from "zod";
import { CIDR, isNetwork } from "./cidr.ts";
import { INFRA_DEFAULTS, INSTANCE_TYPES } from "./infra-defaults.ts";
import type { RuleName } from "./rules.ts";
import { ruled, text } from "./schema-text.ts";

/** The `infra` blocks: what the infrastructure is made of. Every key may be left out. */

// `windlass` first: the apply role's boundary keeps Terraform from everything that is called so.
const PREFIX = /^(?=.{8,24}$)windlass(?:-[a-z0-9]+)*$/;
const PARAMETER = "ssm:/?[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)*";
const VPC = new RegExp(`^(?:vpc-[0-9a-f]{8,17}|${PARAMETER})$`);
const SUBNET = new RegExp(`^(?:subnet-[0-9a-f]{8,17}|${PARAMETER})$`);
const INSTANCE_TYPE = /^[a-z][a-z0-9-]{0,15}\.[a-z0-9-]{1,20}$/;
const POLICY = /^(?:[A-Za-z0-9+=,.@_/-]{1,128}|arn:aws[a-z-]*:iam::(?:aws|\d{12}):policy\/[A-Za-z0-9+=,.@_/-]{1,256})$/;
const ROLE_NAME = /^(?:[A-Za-z0-9+=,.@_-]+\/)*[A-Za-z0-9+=,.@_-]{1,64}$/;
const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d$/;
// Secrets Manager adds a dash and six characters to a name: one that ends so could be taken for that.
const SECRET = /^(?!.*-[A-Za-z0-9]{6}$)[A-Za-z0-9/_+=.@-]{1,256}$/;
const ALARMS = /^(?:[^\s@:]{1,64}@[^\s@:]{1,255}|arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256})$/;
const BUCKET = /^(?!xn--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;
const GROUP_NAME = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,254}$/;
const PRINCIPAL = /^arn:aws[a-z-]*:iam::\d{12}:(?:role|user)\/[A-Za-z0-9+=,.@_/-]{1,512}$/;
const PROVIDER = /^arn:aws[a-z-]*:iam::\d{12}:oidc-provider\/[A-Za-z0-9._/-]{1,255}$/;
// Never another organization's repositories: the wildcards come after the name.
const SUBJECT = /^repo:[A-Za-z0-9_-]+\/[A-Za-z0-9._*-]+:[^\s?]{1,200}$/;

/** What CloudWatch Logs takes: PutRetentionPolicy, retentionInDays. */
const RETENTIONS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

export const networkShape = {
  vpc: text("vpc", VPC)
    .optional()
    .meta({
      description: "An existing VPC: its id, or ssm:<name of a parameter> in the area's account.",
      examples: ["vpc-0123456789abcdef0", "ssm:/network/vpc"],
    }),
  subnets: z
    .array(text("subnet", SUBNET), ruled("subnets"))
    .min(1, ruled("fewSubnets"))
    .optional()
    .meta({ description: "Subnets of that VPC from which AWS and the registry can be reached.", uniqueItems: true }),
  cidr: text("cidr", CIDR)
    .refine(isNetwork, ruled("cidr"))
    .optional()
    .meta({ description: "A small VPC of its own, with these addresses.", default: INFRA_DEFAULTS.cidr }),
};

/** What an area's block may say, and the file's for all areas. */
export const areaInfraShape = {
  prefix: text("prefix", PREFIX)
    .optional()
    .meta({
      description: "What the names of everything in the account begin with: one for each workload in an account.",
      default: INFRA_DEFAULTS.prefix,
      examples: ["windlass-datagov"],
    }),
  network: z
    .strictObject(networkShape, ruled("network"))
    .optional()
    .meta({
      description: "Where the deploy instance runs: vpc and subnets that are there, or a cidr for a VPC of its own.",
      minProperties: 1,
      maxProperties: 2,
      dependentRequired: { vpc: ["subnets"], subnets: ["vpc"] },
    }),
  architecture: z.enum(["x86_64", "arm64"], ruled("architecture")).optional().meta({
    description: "Of the deploy instance, and so of the Terraform images.",
    default: INFRA_DEFAULTS.architecture,
  }),
  instanceTypes: z
    .array(text("instanceType", INSTANCE_TYPE), ruled("instanceTypes"))
    .min(1, ruled("fewInstanceTypes"))
    .max(20, ruled("manyInstanceTypes"))
    .optional()
    .meta({
      description: "Of the deploy instance, the preferred one first.",
      default: [...INSTANCE_TYPES.x86_64],
      uniqueItems: true,
    }),
  volume: whole("volume", [8, 1024], "Size of the deploy instance's volume in GiB.").meta({
    default: INFRA_DEFAULTS.volume,
  }),
  applyPolicies: z
    .array(text("policy", POLICY), ruled("applyPolicies"))
    .min(1, ruled("fewPolicies"))
    .max(10, ruled("manyPolicies"))
    .optional()
    .meta({
      description: "Managed policies of the role that Terraform gets: names of AWS's own, or ARNs.",
      default: [...INFRA_DEFAULTS.applyPolicies],
      uniqueItems: true,
    }),
  readers: z
    .array(text("reader", ROLE_NAME), ruled("readers"))
    .max(50, ruled("manyReaders"))
    .optional()
    .meta({
      description: "Names of the roles in the area's account with which instances pull application images.",
      examples: [["dga-web-instance"]],
      uniqueItems: true,
    }),
  memory: whole("memory", [128, 3008], "Memory of the deploy Lambda in MiB.").meta({ default: INFRA_DEFAULTS.memory }),
  concurrency: whole(
    "concurrency",
    [1, 100],
    "Concurrency that the account keeps for the deploy Lambda; none if left out.",
  ),
  logRetention: z
    .literal([...RETENTIONS], ruled("logRetention"))
    .optional()
    .meta({
      description: "Days that the deploy Lambda's log is kept.",
      default: INFRA_DEFAULTS.logRetention,
    }),
  evening: text("evening", TIME).optional().meta({
    description: "When dead deploy instances are removed, in the time zone of the area's window.",
    default: INFRA_DEFAULTS.evening,
  }),
  githubSecret: text("githubSecret", SECRET).optional().meta({
    description: "Name of the secret with the GitHub App's credentials, in the area's account.",
    default: INFRA_DEFAULTS.githubSecret,
  }),
  createGithubSecret: z.boolean(ruled("createGithubSecret")).optional().meta({
    description: "Whether the area's stack makes that secret, empty.",
    default: INFRA_DEFAULTS.createGithubSecret,
  }),
  alarms: text("alarms", ALARMS)
    .optional()
    .meta({
      description: "Where alarms go: an e-mail address, or the ARN of a topic in place of the area's own.",
      examples: ["ops@example.com"],
    }),
  bucket: text("bucket", BUCKET)
    .optional()
    .describe("Name of the state bucket; by default made from prefix, account and region."),
  deployGroup: text("deployGroup", GROUP_NAME)
    .optional()
    .describe("Name of the deploy group; by default <prefix>-deploy."),
};

export const githubActionsShape = {
  subjects: z
    .array(text("subject", SUBJECT), ruled("subjects"))
    .min(1, ruled("fewSubjects"))
    .meta({
      description: "Patterns of the token's sub: which repositories and branches may publish.",
      examples: [["repo:AusDTO/dga-web:ref:refs/heads/Develop"]],
      uniqueItems: true,
    }),
  provider: text("provider", PROVIDER)
    .optional()
    .describe("ARN of the OpenID Connect provider; by default GitHub's in the registry's account."),
};

export const pipelineInfraShape = {
  publishers: z
    .array(text("principal", PRINCIPAL), ruled("publishers"))
    .optional()
    .meta({ description: "ARNs of roles and users that may assume the publisher role.", uniqueItems: true }),
  githubActions: z
    .strictObject(githubActionsShape, ruled("githubActions"))
    .optional()
    .describe("Which workflows of GitHub Actions may publish; without it, none."),
  stacks: whole("stacks", [1, 50], "How many stacks the repositories are spread over; 200 fit into one.").meta({
    default: INFRA_DEFAULTS.stacks,
  }),
  keepBuilds: whole(
    "keepBuilds",
    [1, 9999],
    "How many images each repository keeps beside the heads of areas and what keep- tags hold.",
  ).meta({
    default: INFRA_DEFAULTS.keepBuilds,
  }),
};

export const infraShape = {
  pipeline: z
    .strictObject(pipelineInfraShape, ruled("pipelineInfra"))
    .optional()
    .describe("The pipeline account's infrastructure."),
  ...areaInfraShape,
};

function whole(name: RuleName, [lowest, highest]: readonly [number, number], description: string) {
  return z.int(ruled(name)).min(lowest, ruled(name)).max(highest, ruled(name)).optional().describe(description);
}
