/** What the infrastructure of areas and pipeline is made of: the mapping's `infra` blocks with every default filled in. */

export type Architecture = "x86_64" | "arm64";

/** One area's infrastructure: the area's own block over the file's. */
export interface AreaInfra {
  /** What the names of everything in the account begin with. */
  readonly prefix: string;
  readonly network: Network;
  /** Of the deploy instance. */
  readonly architecture: Architecture;
  /** Of the deploy instance, the preferred one first. */
  readonly instanceTypes: readonly string[];
  /** Size of the deploy instance's volume. */
  readonly volumeGiB: number;
  /** Managed policies of the role that Terraform gets: names of AWS's own, or ARNs. */
  readonly applyPolicies: readonly string[];
  /** Names of the roles, in the area's account, with which instances pull application images. */
  readonly readers: readonly string[];
  /** Of the deploy Lambda. */
  readonly memoryMiB: number;
  /** Concurrency that the account keeps for the deploy Lambda; null: none. */
  readonly concurrency: number | null;
  readonly logRetentionDays: number;
  /** When the deploy group is emptied of what is dead: minutes after midnight in the window's zone. */
  readonly eveningMinute: number;
  /** Name of the secret with the GitHub App's credentials. */
  readonly githubSecret: string;
  /** Whether the stack makes that secret, empty. */
  readonly createGithubSecret: boolean;
  /** Where alarms go; null: to the area's topic for errors alone. */
  readonly alarms: AlarmTarget | null;
  /** Name of the state bucket; null: made from prefix, account and region. */
  readonly bucket: string | null;
  /** Name of the deploy group; null: made from the prefix. */
  readonly deployGroup: string | null;
}

/** Ids, or `ssm:<parameter>` for what a parameter of the area's account holds; or a VPC of its own. */
export type Network =
  | { readonly kind: "existing"; readonly vpc: string; readonly subnets: readonly string[] }
  | { readonly kind: "own"; readonly cidr: string };

/** An address that is subscribed to the area's topic for errors, or another topic in its place. */
export type AlarmTarget =
  | { readonly kind: "email"; readonly address: string }
  | { readonly kind: "topic"; readonly arn: string };

/** The pipeline account's infrastructure. */
export interface PipelineInfra {
  /** ARNs of the principals that may assume the publisher role, such as Jenkins's role. */
  readonly publishers: readonly string[];
  readonly githubActions: GitHubActions | null;
  /** How many stacks the repositories are spread over. */
  readonly stacks: number;
  /** How many images a repository keeps beside those that a tag of an area or a `keep-` tag holds. */
  readonly keepBuilds: number;
}

/** Which workflows of GitHub Actions may publish images. */
export interface GitHubActions {
  /** ARN of the OpenID Connect provider. */
  readonly provider: string;
  /** Patterns of the token's `sub`, such as `repo:AusDTO/dga-web:ref:refs/heads/Develop`. */
  readonly subjects: readonly string[];
}
