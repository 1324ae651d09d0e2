import type { HttpHandler } from "@smithy/protocol-http";
import { type CallLog, createCallLog } from "./core/call-log.ts";
import { credentialsFor, type Identity, isAccountId, type SandboxCredentials } from "./core/caller.ts";
import { type SandboxClock, systemClock } from "./core/clock.ts";
import { createDispatcher } from "./core/dispatcher.ts";
import { createFaults, type FaultInjector } from "./core/faults.ts";
import { type Listening, type ListenOptions, serveHttp } from "./core/http-server.ts";
import { createRpcWire } from "./core/rpc-wire.ts";
import { SandboxError } from "./core/sandbox-error.ts";
import { createSandboxFetch } from "./core/sandbox-fetch.ts";
import { createSdkHandler } from "./core/sdk-handler.ts";
import { createWorld } from "./core/world.ts";
import { createStsAccount, type StsAccount } from "./sts/role-trust.ts";
import { stsService } from "./sts/sts-service.ts";

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
}

/** AWS accounts in one process. */
export interface Sandbox {
  readonly clock: SandboxClock;
  /** For any SDK client: same world, no sockets. */
  readonly requestHandler: HttpHandler;
  /** For users of fetch: same world, no sockets. */
  readonly fetch: typeof fetch;
  /** @throws SandboxError `bad-identity` */
  clientConfig(identity: ClientIdentity): ClientConfig;
  /** Serves the same world over HTTP on 127.0.0.1. */
  listen(options?: ListenOptions): Promise<Listening>;
  readonly calls: CallLog;
  readonly faults: FaultInjector;
  /** What is in one account, for set-up and inspection. @throws SandboxError `bad-account` */
  account(id: string): SandboxAccount;
}

/** Direct access to one account's state: no call, no fault, no permission. */
export interface SandboxAccount {
  readonly sts: StsAccount;
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
  const faults = createFaults(world.random);
  const services = [createRpcWire(stsService)];
  const dispatcher = createDispatcher({ world, clock, calls, faults, services, routes: [] });
  let url = "http://sandbox.invalid";
  const requestHandler = createSdkHandler(dispatcher, () => url);
  return {
    clock,
    requestHandler,
    fetch: createSandboxFetch(dispatcher, () => url),
    clientConfig: (identity) => ({
      region: identity.region ?? region,
      credentials: credentialsFor(identity),
      requestHandler,
    }),
    async listen(listenOptions) {
      const listening = await serveHttp(dispatcher, listenOptions);
      url = listening.url;
      return listening;
    },
    calls,
    faults,
    account(id) {
      if (!isAccountId(id)) {
        throw new SandboxError({ code: "bad-account", message: "no account id", expected: "twelve digits", found: id });
      }
      return { sts: createStsAccount(world, id) };
    },
  };
}
