import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { ECRClient } from "@aws-sdk/client-ecr";
import { S3Client } from "@aws-sdk/client-s3";
import { STSClient } from "@aws-sdk/client-sts";
import { type AccountMapping, onlyArea } from "@windlass/account-mapping";
import { githubPages, logUrlOf } from "@windlass/area-view";
import { createDeployGroup, createInstanceRefresher } from "@windlass/asg-orchestrator";
import { createHeadReader } from "@windlass/ecr-tag-diff";
import { createLedgerStore } from "@windlass/ledger-store";
import { createAccountGuard } from "./account-guard.ts";
import type { ClientOverrides, ClientSettings } from "./client-settings.ts";
import type { Config } from "./config.ts";
import { readMappingObject } from "./mapping-object.ts";
import type { Ports, Reporters, ReportPorts } from "./ports.ts";
import type { GitHubPace } from "./reporters.ts";

export interface Connection {
  readonly slice: AccountMapping;
  readonly ports: Ports;
}

export interface ConnectOptions {
  readonly clients?: ClientOverrides | undefined;
  /** For downloads of image configurations and for GitHub; Node's own by default. */
  readonly fetch?: typeof fetch | undefined;
  /** The machine's clock by default. */
  readonly now?: (() => Date) | undefined;
  /** Milliseconds between writes to GitHub; as GitHub asks for by default. */
  readonly githubPace?: GitHubPace | undefined;
}

const TIMEOUTS = { connectionTimeout: 2_000, requestTimeout: 8_000, throwOnRequestTimeout: true };
const MAX_ATTEMPTS = 4;

/** Makes the clients, once per process, and hands them to the packages that use them. */
export async function connect(config: Config, options: ConnectOptions = {}): Promise<Connection> {
  const shared: ClientSettings = {
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
    reports: openReports(config, slice, { ...options, clients: inArea }),
  };
  return { slice, ports };
}

function openReports(
  { reports, stateBucket }: Config,
  slice: AccountMapping,
  { clients, now, fetch, githubPace }: ConnectOptions & { readonly clients: ClientSettings },
): ReportPorts {
  const { area } = onlyArea(slice);
  const { githubSecret: secret, topics } = reports;
  const apiUrl = reports.githubApiUrl ?? slice.github?.apiUrl;
  const owner = slice.github?.organization;
  const github = secret === null || owner === undefined || apiUrl === undefined ? null : { owner, apiUrl, secret };
  let loading: Promise<Reporters> | undefined;
  return {
    sinks: { github: github !== null, topics: Object.values(topics).some((topic) => topic !== null) },
    commitUrl: owner === undefined || apiUrl === undefined ? null : commitUrlsOf(apiUrl, owner),
    logUrl: (deployment) => logUrlOf(deployment, { region: area.region, bucket: stateBucket }),
    load() {
      const options = { clients, github, topics, fetch, pace: githubPace, now: now ?? (() => new Date()) };
      loading ??= import("./reporters.ts").then(({ createReporters }) => createReporters(options));
      return loading;
    },
  };
}

function commitUrlsOf(apiUrl: string, owner: string): (repository: string, commit: string) => string {
  const pages = githubPages(apiUrl);
  return (repository, commit) => `${pages}/${owner}/${repository}/commit/${commit}`;
}
