import type { AreaInfra, PipelineInfra } from "./infra.ts";

/**
 * The account mapping as the rest of Windlass sees it: validated, with every default filled in.
 * Made only by `parseMapping` and `checkMapping`.
 */

declare const brand: unique symbol;

/** Twelve digits; always a string, since `012345678901` is not a number. */
export type AccountId = string & { readonly [brand]: "AccountId" };

export interface AccountMapping {
  readonly version: 1;
  readonly workload: string;
  readonly registry: Registry;
  /** Null where the organisation uses no GitHub reports. */
  readonly github: GitHubOrganization | null;
  readonly source: Source;
  /** The pipeline account's infrastructure; an area's is the area's. */
  readonly pipelineInfra: PipelineInfra;
  readonly areas: Readonly<Record<string, Area>>;
  readonly images: Readonly<Record<string, Image>>;
}

/** The pipeline account's ECR in one region. */
export interface Registry {
  readonly account: AccountId;
  readonly region: string;
}

export interface GitHubOrganization {
  readonly organization: string;
  /** Base URL of the REST API; differs for GitHub Enterprise Server. */
  readonly apiUrl: string;
}

/** How an area finds its heads: templates that know `{image}`, `{area}` and `{branch}`. */
export interface Source {
  readonly repository: string;
  readonly tag: string;
}

export interface Area {
  readonly branch: string;
  readonly account: AccountId;
  /** The AWS account's alias, for people. */
  readonly alias: string | null;
  readonly region: string;
  readonly window: DeployWindow;
  readonly freezes: readonly Freeze[];
  /** True where the pipeline account deploys its own infrastructure, and only then may the accounts be the same. */
  readonly pipeline: boolean;
  readonly infra: AreaInfra;
}

/** When deployments may start: the given hours of the given days, in local time of the zone. */
export interface DeployWindow {
  /** IANA name. */
  readonly timezone: string;
  /** ISO weekdays, 1 = Monday to 7 = Sunday, ascending, at least one. */
  readonly days: readonly number[];
  /** Minutes after local midnight, 0 to 1439. */
  readonly from: number;
  /** Minutes after local midnight, 1 to 1440, exclusive. Not above `from`: the window ends on the next day. */
  readonly to: number;
}

/** Whole local days on which nothing starts. */
export interface Freeze {
  /** First day, `YYYY-MM-DD`. */
  readonly from: string;
  /** Last day, inclusive, `YYYY-MM-DD`. */
  readonly to: string;
  readonly reason: string;
}

export type Image = TerraformImage | InstanceRefreshImage;

interface CommonImage {
  /** Images that must be live at their head first. */
  readonly after: readonly string[];
  /** How long one deployment may take. */
  readonly timeoutSeconds: number;
  /** How often a digest that failed is tried again; 0 by default. */
  readonly retries: number;
  /** GitHub repository that reports go to; by default the image's name. */
  readonly github: string;
}

export interface TerraformImage extends CommonImage {
  readonly kind: "terraform";
  /**
   * Where Terraform keeps its state: in a backend of the module's own, in one in the area's bucket, or in the folder
   * `store/` of the working directory, which is kept in the area's bucket.
   */
  readonly state: "image" | "managed" | "store";
  /** Arguments for the image's own entry point, which runs instead of Terraform's steps; null where those run. */
  readonly entrypoint: readonly string[] | null;
  /** Given to Terraform as `TF_VAR_<name>`. */
  readonly variables: Readonly<Record<string, string>>;
}

export interface InstanceRefreshImage extends CommonImage {
  readonly kind: "instance-refresh";
  readonly groups: GroupSelector;
  readonly preferences: RefreshPreferences;
}

/** Groups by name, or by a tag whose comma- or space-separated value includes a word. */
export type GroupSelector =
  | { readonly kind: "names"; readonly names: readonly string[] }
  | { readonly kind: "tag"; readonly key: string; readonly includes: string };

/** Amazon EC2 Auto Scaling's refresh preferences; null leaves a value to the service. */
export interface RefreshPreferences {
  readonly minHealthyPercentage: number | null;
  readonly maxHealthyPercentage: number | null;
  readonly instanceWarmupSeconds: number | null;
}
