import type { CallRecorder } from "../../core/call-log.ts";
import { isAccountId } from "../../core/caller.ts";
import type { SandboxClock } from "../../core/clock.ts";
import type { Arrival, Exchange, Gateway } from "../../core/dispatcher.ts";
import type { FaultJudge } from "../../core/faults.ts";
import { performCall } from "../../core/perform-call.ts";
import { type ActionContext, AwsFault, type PlainRequest, type PlainResponse } from "../../core/service.ts";
import type { World } from "../../core/world.ts";
import { readBasicAuthorization } from "../authorization-token.ts";
import { type DistributionCall, readAddress } from "./distribution-call.ts";
import { apiVersion, encodeDistributionFault, throttling, unsupported } from "./distribution-fault.ts";
import { pullEndpoints } from "./pull-endpoints.ts";
import { pushEndpoints } from "./push-endpoints.ts";

interface GatewayParts {
  readonly world: World;
  readonly clock: SandboxClock;
  readonly calls: CallRecorder;
  readonly faults: FaultJudge;
}

const endpoints = [...pullEndpoints, ...pushEndpoints];

/**
 * What `docker`, `podman` and `skopeo` speak with ECR, at `/v2/`: `<host>:<port>/<account>/<repository>:<tag>`.
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md
 */
export function createDistributionGateway(parts: GatewayParts): Gateway {
  return {
    takes: isDistribution,
    async answer(arrival) {
      const exchange = await authenticate(parts, arrival);
      if (exchange.kind === "lost") return exchange;
      const { status, headers, body } = exchange.response;
      const date = new Date(parts.clock.now()).toUTCString();
      return { kind: "response", response: { status, headers: { date, ...headers }, body } };
    },
  };
}

/** No bucket's name is that short, but an object's key may begin so where the bucket is in the host's name. */
function isDistribution({ path, headers, query }: PlainRequest): boolean {
  const isSigned = headers["authorization"]?.startsWith("AWS4-") === true || query.has("X-Amz-Credential");
  return path.startsWith("/v2/") && !isSigned;
}

async function authenticate(parts: GatewayParts, arrival: Arrival): Promise<Exchange> {
  const { requestId, baseUrl, request } = arrival;
  const bearer = readBasicAuthorization(request.headers["authorization"] ?? "");
  if (bearer === null) return respond(challenge(baseUrl));
  if (bearer.expiresAt <= parts.clock.now()) return respond(refuseExpired());
  const { caller, region } = bearer;
  const { clock, world } = parts;
  return perform(parts, request, { caller, region, clock, world, requestId, baseUrl });
}

function perform(parts: GatewayParts, request: PlainRequest, context: ActionContext): Promise<Exchange> {
  const { requestId, caller, region } = context;
  const { action, input, run } = openOperation(request, context);
  return performCall(parts, {
    requestId,
    service: "ecr",
    action,
    caller,
    region,
    input,
    throttling,
    encodeFault: (fault) => encodeDistributionFault(fault),
    perform: run,
  });
}

interface Operation {
  readonly action: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** Throws AwsFault. */
  run(): PlainResponse;
}

function openOperation(request: PlainRequest, context: ActionContext): Operation {
  const { method, path } = request;
  if (path === "/v2/") return { action: "CheckLogin", input: { method }, run: welcome };
  const address = readAddress(path);
  if (address === null) return { action: "UnknownEndpoint", input: { method, path }, run: () => refusePath(path) };
  const call = { ...address, request, context };
  const { registryId, repositoryName, resource, reference } = call;
  const endpoint = endpoints.find((one) => one.resource === resource && one.methods.includes(method));
  if (endpoint === undefined) {
    const input = { method, registryId, repositoryName, reference };
    return { action: "UnknownEndpoint", input, run: () => refuseMethod(method, resource) };
  }
  const input = { method, registryId, repositoryName, ...endpoint.names(reference) };
  return { action: endpoint.action, input, run: () => runEndpoint(endpoint.perform, call) };
}

function runEndpoint(run: (call: DistributionCall) => PlainResponse, call: DistributionCall): PlainResponse {
  if (!isAccountId(call.registryId)) refusePath(call.request.path);
  return run(call);
}

function welcome(): PlainResponse {
  return { status: 200, headers: { ...apiVersion, "content-type": "application/json" }, body: Buffer.from("{}") };
}

function refusePath(path: string): never {
  const message = `no repository at ${path}: in the sandbox it is <host>/<account of twelve digits>/<repository>`;
  throw new AwsFault("NAME_UNKNOWN", message, { status: 404 });
}

function refuseMethod(method: string, resource: string): never {
  throw unsupported(`${method} of ${resource}`);
}

/** ECR's own challenge, as https://github.com/mayflower/docker-ls/issues/28 quotes it. */
function challenge(baseUrl: string): PlainResponse {
  const fault = new AwsFault("UNAUTHORIZED", "Not Authorized", { status: 401 });
  return encodeDistributionFault(fault, {
    "www-authenticate": `Basic realm="${baseUrl}/",service="ecr.amazonaws.com"`,
  });
}

/** Not 401, so that no client asks for new credentials by itself: https://github.com/flipt-io/flipt/issues/3043 */
function refuseExpired(): PlainResponse {
  const message = "Your authorization token has expired. Reauthenticate and try again.";
  return encodeDistributionFault(new AwsFault("DENIED", message, { status: 403 }));
}

function respond(response: PlainResponse): Exchange {
  return { kind: "response", response };
}
