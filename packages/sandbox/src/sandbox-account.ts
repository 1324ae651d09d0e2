import { type ScalingGroups, scalingGroups } from "./auto-scaling/scaling-groups.ts";
import type { SandboxClock } from "./core/clock.ts";
import type { World } from "./core/world.ts";
import { type Ec2Compute, ec2Compute } from "./ec2/ec2-compute.ts";
import { type EcrRegistry, ecrRegistry } from "./ecr/ecr-registry.ts";
import { createS3Account, type S3Account } from "./s3/s3-account.ts";
import { createSchedulesAccount, type SchedulesAccount } from "./scheduler/schedules-account.ts";
import { createSecretsAccount, type SecretsAccount } from "./secrets-manager/secrets-account.ts";
import { createSnsAccount, type SnsAccount } from "./sns/sns-account.ts";
import { createStsAccount, type StsAccount } from "./sts/role-trust.ts";

/** Direct access to one account's state: no call, no fault, no permission. Regions default to the sandbox's. */
export interface SandboxAccount {
  readonly s3: S3Account;
  readonly sts: StsAccount;
  ecr(region?: string): EcrRegistry;
  ec2(region?: string): Ec2Compute;
  autoScaling(region?: string): ScalingGroups;
  sns(region?: string): SnsAccount;
  secrets(region?: string): SecretsAccount;
  schedules(region?: string): SchedulesAccount;
}

export interface AccountPlace {
  readonly world: World;
  readonly clock: SandboxClock;
  readonly account: string;
  /** The sandbox's own. */
  readonly region: string;
  readonly baseUrl: () => string;
}

export function createSandboxAccount(place: AccountPlace): SandboxAccount {
  const inRegion = (region: string = place.region) => ({ ...place, region });
  return {
    s3: createS3Account(place),
    sts: createStsAccount(place.world, place.account),
    ecr: (region) => ecrRegistry(inRegion(region)),
    ec2: (region) => ec2Compute(inRegion(region)),
    autoScaling: (region) => scalingGroups(inRegion(region)),
    sns: (region) => createSnsAccount(inRegion(region)),
    secrets: (region) => createSecretsAccount(inRegion(region)),
    schedules: (region) => createSchedulesAccount(inRegion(region)),
  };
}
