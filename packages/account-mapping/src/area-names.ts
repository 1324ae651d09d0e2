import type { AreaInfra } from "./infra.ts";

/**
 * How everything in an area's account is called. Names are fixed, so that the stacks can be deployed in any order: the
 * pipeline's repositories name the roles before they are there.
 */
export interface AreaNames {
  readonly prefix: string;
  /** Of the deploy Lambda. */
  readonly lambdaRole: string;
  /** Of the deploy instance, and of its instance profile. */
  readonly instanceRole: string;
  /** What Terraform gets. */
  readonly applyRole: string;
  readonly applyBoundary: string;
  readonly schedulerRole: string;
  readonly flowLogRole: string;
  readonly deployFunction: string;
  readonly deployGroup: string;
  readonly stateBucket: string;
  readonly scheduleGroup: string;
}

/** What the names follow from. */
export interface NamedArea {
  readonly account: string;
  readonly region: string;
  readonly infra: Pick<AreaInfra, "prefix" | "bucket" | "deployGroup">;
}

/** The names of what is in an area's account, or will be. */
export function areaNames({ account, region, infra }: NamedArea): AreaNames {
  const { prefix } = infra;
  return {
    prefix,
    lambdaRole: `${prefix}-lambda`,
    instanceRole: `${prefix}-instance`,
    applyRole: `${prefix}-apply`,
    applyBoundary: `${prefix}-apply-boundary`,
    schedulerRole: `${prefix}-scheduler`,
    flowLogRole: `${prefix}-flow-log`,
    deployFunction: `${prefix}-tick`,
    deployGroup: infra.deployGroup ?? `${prefix}-deploy`,
    stateBucket: infra.bucket ?? `${prefix}-state-${account}-${region}`,
    scheduleGroup: prefix,
  };
}

/** `aws`, or the partition of China or of the US government. */
export function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}
