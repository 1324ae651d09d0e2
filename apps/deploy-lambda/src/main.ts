import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { ECRClient } from "@aws-sdk/client-ecr";
import { S3Client } from "@aws-sdk/client-s3";
import { STSClient, type STSClientConfig } from "@aws-sdk/client-sts";
import { type AccountMapping, onlyArea } from "@windlass/account-mapping";
import { createDeployGroup, createInstanceRefresher } from "@windlass/asg-orchestrator";
import { createHeadReader } from "@windlass/ecr-tag-diff";
import { createLedgerStore } from "@windlass/ledger-store";
import { createAccountGuard } from "./account-guard.ts";
import type { Config } from "./config.ts";
import { readMappingObject } from "./mapping-object.ts";
import type { Ports } from "./ports.ts";

/** What the AWS clients get beside what the configuration says: other credentials, another transport. */
export type ClientOverrides = Pick<STSClientConfig, "credentials" | "requestHandler" | "maxAttempts">;

export interface Connection {
  readonly slice: AccountMapping;
  readonly ports: Ports;
}

export interface ConnectOptions {
  readonly clients?: ClientOverrides | undefined;
  /** For downloads of image configurations; Node's own by default. */
  readonly fetch?: typeof fetch | undefined;
}

type SharedConfig = ClientOverrides & Pick<STSClientConfig, "endpoint">;

const TIMEOUTS = { connectionTimeout: 2_000, requestTimeout: 8_000, throwOnRequestTimeout: true };
const MAX_ATTEMPTS = 4;

/** Makes the clients, once per process, and hands them to the packages that use them. */
export async function connect(config: Config, options: ConnectOptions = {}): Promise<Connection> {
  const shared: SharedConfig = {
    requestHandler: TIMEOUTS,
    maxAttempts: MAX_ATTEMPTS,
    ...(config.endpointUrl === null ? {} : { endpoint: config.endpointUrl }),
    ...options.clients,
  };
  // Emulators and proxies behind an endpoint URL know no bucket by its host name.
  const forcePathStyle = config.endpointUrl !== null;
  const slice =
    config.mapping.kind === "inline"
      ? config.mapping.slice
      : await readMappingObject(new S3Client({ ...shared, region: config.mapping.region, forcePathStyle }), {
          ...config.mapping,
          area: config.area,
        });
  const { area } = onlyArea(slice);
  const inArea = { ...shared, region: area.region };
  // A registry is found in its own region only. Not the SDK's adaptive retries: in a process that just began they let
  // one call through every two seconds after the first throttled one; the head reader paces its calls itself.
  const ecr = new ECRClient({ ...shared, region: slice.registry.region });
  const autoScaling = new AutoScalingClient(inArea);
  const ports: Ports = {
    checkAccount: createAccountGuard(new STSClient(inArea), area.account),
    store: createLedgerStore({
      client: new S3Client({ ...inArea, forcePathStyle }),
      bucket: config.stateBucket,
    }),
    heads: createHeadReader({
      client: ecr,
      registryId: slice.registry.account,
      ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
    }),
    group: createDeployGroup({
      client: autoScaling,
      group: config.deployGroup,
      loadEc2: async () => (await import("./ec2.ts")).createEc2Client(inArea),
    }),
    refresher: createInstanceRefresher({ client: autoScaling }),
  };
  return { slice, ports };
}
