import type { HttpHandler } from "@smithy/protocol-http";
import { autoScalingService } from "./auto-scaling/auto-scaling-service.ts";
import { type CallLog, createCallLog } from "./core/call-log.ts";
import { credentialsFor, type Identity, isAccountId, type SandboxCredentials } from "./core/caller.ts";
import { type SandboxClock, systemClock } from "./core/clock.ts";
import { createDispatcher, type Dispatcher } from "./core/dispatcher.ts";
import { createFaults, type FaultInjector } from "./core/faults.ts";
import { type Listening, type ListenOptions, serveHttp } from "./core/http-server.ts";
import { createRpcWire } from "./core/rpc-wire.ts";
import { SandboxError } from "./core/sandbox-error.ts";
import { createSandboxFetch } from "./core/sandbox-fetch.ts";
import { createSdkHandler } from "./core/sdk-handler.ts";
import type { Service } from "./core/service.ts";
import { createWorld } from "./core/world.ts";
import { createInstanceSource } from "./ec2/describe-instance.ts";
import { ec2Service } from "./ec2/ec2-service.ts";
import { createDistributionGateway } from "./ecr/distribution/distribution-gateway.ts";
import { ecrService } from "./ecr/ecr-service.ts";
import { createGitHubGateway, GITHUB_HOST, GITHUB_PREFIX } from "./github/github-gateway.ts";
import { createGitHubSide, type GitHubSide } from "./github/github-side.ts";
import { createMetadataRoute, metadataPrefix } from "./metadata/metadata-service.ts";
import { createS3Wire } from "./s3/s3-wire.ts";
import { createSandboxAccount, type SandboxAccount } from "./sandbox-account.ts";
import { createSchedulerWire } from "./scheduler/scheduler-wire.ts";
import { secretsManagerService } from "./secrets-manager/secrets-service.ts";
import { snsService } from "./sns/sns-service.ts";
import { stsService } from "./sts/sts-service.ts";

/** The services of the RPC kind. To add one, write its file and name it here. */
const services: readonly Service[] = [
  ecrService,
  stsService,
  ec2Service,
  autoScalingService,
  snsService,
  secretsManagerService,
];

/** Links begin with it while the sandbox is not served; `Sandbox.fetch` follows them all the same. */
const unservedUrl = "http://sandbox.invalid";

export interface SandboxOptions {
  /** The machine's own when not given. */
  readonly clock?: SandboxClock;
  /** The region of `clientConfig` and of direct access when they name none; `ap-southeast-2` when not given. */
  readonly region?: string;
  /** Where ids, races and chances come from: the same seed and the same calls give the same run. */
  readonly seed?: number;
}

export interface ClientIdentity extends Identity {
  readonly region?: string;
}

/** Spread into the constructor of any SDK client. */
export interface ClientConfig {
  readonly region: string;
  readonly credentials: SandboxCredentials;
  readonly requestHandler: HttpHandler;
  /** The sandbox's clock need not be the machine's, and no client is to take the difference for an error. */
  readonly disableClockSkewCorrection: true;
}

/** AWS accounts, and GitHub, in one process. */
export interface Sandbox {
  readonly clock: SandboxClock;
  /** For any SDK client: same world, no sockets. */
  readonly requestHandler: HttpHandler;
  /** For users of fetch: same world, no sockets. */
  readonly fetch: typeof fetch;
  /** @throws SandboxError `bad-identity` */
  clientConfig(identity: ClientIdentity): ClientConfig;
  /** Serves the same world over HTTP, on 127.0.0.1 unless another host is given. */
  listen(options?: ListenOptions): Promise<Listening>;
  /**
   * Serves one instance's metadata at the root of a port of its own, for clients that drop the path of
   * `AWS_EC2_METADATA_SERVICE_ENDPOINT`; others use `<url>/_instance/<instance-id>` of `listen`.
   */
  listenMetadata(instanceId: string, options?: ListenOptions): Promise<Listening>;
  readonly calls: CallLog;
  readonly faults: FaultInjector;
  /** What is on GitHub, for set-up and inspection. */
  readonly github: GitHubSide;
  /** What is in one account, for set-up and inspection. @throws SandboxError `bad-account` */
  account(id: string): SandboxAccount;
}

/**
 * A new, empty world: accounts exist as soon as they are named.
 *
 * @example
 * ```ts
 * const sandbox = createSandbox({ clock: virtualClock(Date.UTC(2026, 10, 24)) });
 * const s3 = new S3Client(sandbox.clientConfig({ account: "222222222222" }));
 * ```
 */
export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const { clock = systemClock(), region = "ap-southeast-2", seed = 1 } = options;
  const world = createWorld(seed);
  const calls = createCallLog();
  // Numbers of their own: a fault more or less leaves ids as they were.
  const faults = createFaults(createWorld(seed + 1).random);
  const wires = [...services.map(createRpcWire), createSchedulerWire(), createS3Wire()];
  const routes = [createMetadataRoute(createInstanceSource(world))];
  const gateway = { world, clock, calls, faults };
  const gateways = [createGitHubGateway(gateway), createDistributionGateway(gateway)];
  const dispatcher = createDispatcher({ world, clock, calls, faults, services: wires, routes, gateways });
  let url = unservedUrl;
  const baseUrl = (): string => url;
  const requestHandler = createSdkHandler(dispatcher, baseUrl);
  return {
    clock,
    calls,
    faults,
    requestHandler,
    fetch: createSandboxFetch({ dispatcher, baseUrl, hosts: { [GITHUB_HOST]: GITHUB_PREFIX } }),
    clientConfig: (identity) => ({
      region: identity.region ?? region,
      credentials: credentialsFor(identity),
      requestHandler,
      disableClockSkewCorrection: true,
    }),
    async listen(listenOptions) {
      const listening = await serveHttp(dispatcher, listenOptions);
      url = listening.url;
      return {
        url,
        close() {
          url = unservedUrl;
          return listening.close();
        },
      };
    },
    listenMetadata: (instanceId, listenOptions) => serveMetadata(dispatcher, instanceId, listenOptions),
    github: createGitHubSide({ world, clock }),
    account: (id) => createSandboxAccount({ world, clock, account: checkAccount(id), region, baseUrl }),
  };
}

function serveMetadata(dispatcher: Dispatcher, instanceId: string, options?: ListenOptions): Promise<Listening> {
  const root = `${metadataPrefix}${instanceId}`;
  return serveHttp(dispatcher, options, (request) => ({ ...request, path: root + request.path }));
}

function checkAccount(id: string): string {
  if (isAccountId(id)) return id;
  throw new SandboxError({ code: "bad-account", message: "no account id", expected: "twelve digits", found: id });
}
