import type { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import type { EC2Client } from "@aws-sdk/client-ec2";
import type { ECRClient } from "@aws-sdk/client-ecr";
import type { S3Client } from "@aws-sdk/client-s3";
import type { SchedulerClient } from "@aws-sdk/client-scheduler";
import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { SNSClient } from "@aws-sdk/client-sns";
import type { STSClient, STSClientConfig } from "@aws-sdk/client-sts";

/** Clients of one account, each made, and its code loaded, when it is asked for. */
export interface AwsClients {
  s3(): Promise<S3Client>;
  sts(): Promise<STSClient>;
  autoScaling(): Promise<AutoScalingClient>;
  ec2(): Promise<EC2Client>;
  scheduler(): Promise<SchedulerClient>;
  sns(): Promise<SNSClient>;
  secrets(): Promise<SecretsManagerClient>;
  /** The registry may be in another region than the account's own resources. */
  ecr(region: string): Promise<ECRClient>;
}

export interface AwsRequest {
  readonly region: string;
  /** Of the AWS configuration files; null: what the SDK finds by itself. */
  readonly profile: string | null;
}

export type OpenAws = (request: AwsRequest) => AwsClients;

/** What every client is made with, beside its region. */
export type AwsSettings = Pick<
  STSClientConfig,
  "credentials" | "requestHandler" | "maxAttempts" | "endpoint" | "disableClockSkewCorrection" | "profile" | "logger"
>;

/** Emulators and proxies behind an endpoint URL know no bucket by its host name. */
export interface AwsPlace {
  readonly region: string;
  readonly forcePathStyle: boolean;
}

export function createAwsClients(settings: AwsSettings, { region, forcePathStyle }: AwsPlace): AwsClients {
  const inRegion = { ...settings, region };
  return {
    s3: async () => new (await import("@aws-sdk/client-s3")).S3Client({ ...inRegion, forcePathStyle }),
    sts: async () => new (await import("@aws-sdk/client-sts")).STSClient(inRegion),
    autoScaling: async () => new (await import("@aws-sdk/client-auto-scaling")).AutoScalingClient(inRegion),
    ec2: async () => new (await import("@aws-sdk/client-ec2")).EC2Client(inRegion),
    scheduler: async () => new (await import("@aws-sdk/client-scheduler")).SchedulerClient(inRegion),
    sns: async () => new (await import("@aws-sdk/client-sns")).SNSClient(inRegion),
    secrets: async () => new (await import("@aws-sdk/client-secrets-manager")).SecretsManagerClient(inRegion),
    ecr: async (registryRegion) =>
      new (await import("@aws-sdk/client-ecr")).ECRClient({ ...settings, region: registryRegion }),
  };
}
