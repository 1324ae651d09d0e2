import { type Credential, readAuthorization } from "./authorization.ts";
import type { CallRecorder } from "./call-log.ts";
import { readCaller } from "./caller.ts";
import type { SandboxClock } from "./clock.ts";
import type { FaultJudge } from "./faults.ts";
import { performCall } from "./perform-call.ts";
import { looksLikeForm } from "./rpc-wire.ts";
import type { ActionContext, Caller, HttpRoute, PlainRequest, PlainResponse } from "./service.ts";
import { AwsFault } from "./service.ts";
import { isExpired } from "./session-token.ts";
import { jsonFault, toAwsFault, toFault } from "./wire-fault.ts";
import type { WireService } from "./wire-service.ts";
import type { World } from "./world.ts";

/** What becomes of a request: an answer, or a connection that breaks without one. */
export type Exchange = { readonly kind: "response"; readonly response: PlainResponse } | { readonly kind: "lost" };

/** The one way to every service, however a request came in. Never rejects: what goes wrong is an answer. */
export interface Dispatcher {
  dispatch(request: PlainRequest, baseUrl: string): Promise<Exchange>;
}

export interface DispatcherParts {
  readonly world: World;
  readonly clock: SandboxClock;
  readonly calls: CallRecorder;
  readonly faults: FaultJudge;
  /** An unsigned request, or one for an unknown service, is refused in the words of the first that speaks its protocol. */
  readonly services: readonly WireService[];
  /** Routes that are no service's. */
  readonly routes: readonly HttpRoute[];
  readonly gateways: readonly Gateway[];
}

/** Another API at the same port: AWS's signatures, protocols and headers are not its own. */
export interface Gateway {
  /** Whether a request is this API's; asked in turn, before AWS is. */
  takes(request: PlainRequest): boolean;
  /** Never rejects. */
  answer(arrival: Arrival): Promise<Exchange>;
}

/** A request as it came in. */
export interface Arrival {
  readonly request: PlainRequest;
  readonly requestId: string;
  /** Where this sandbox is reached, without a slash at the end. */
  readonly baseUrl: string;
}

export function createDispatcher(parts: DispatcherParts): Dispatcher {
  const desk = {
    ...parts,
    byName: new Map(parts.services.map((wire) => [wire.name, wire])),
    routes: [...parts.routes, ...parts.services.flatMap((wire) => wire.routes)],
  };
  let requests = 0;
  return {
    async dispatch(request, baseUrl) {
      requests += 1;
      const requestId = `00000000-0000-4000-8000-${String(requests).padStart(12, "0")}`;
      const arrival = { request, requestId, baseUrl };
      const gateway = parts.gateways.find(({ takes }) => takes(request));
      if (gateway !== undefined) return gateway.answer(arrival);
      const isRoute = request.path.startsWith("/_");
      const exchange = isRoute ? await answerRoute(desk, arrival) : await answerCall(desk, arrival);
      return exchange.kind === "lost" ? exchange : respond(stamp(exchange.response, requestId, parts.clock));
    },
  };
}

interface Desk extends DispatcherParts {
  readonly byName: ReadonlyMap<string, WireService>;
}

async function answerRoute({ routes, clock, world }: Desk, arrival: Arrival): Promise<Exchange> {
  const { request, requestId, baseUrl } = arrival;
  const route = routes.find(({ prefix }) => request.path.startsWith(prefix));
  if (route === undefined) return respond(plainText(404, `the sandbox has nothing at ${request.path}\n`));
  try {
    return respond(await route.handle(request, { clock, world, requestId, baseUrl }));
  } catch (error) {
    const fault = toAwsFault(error, request.path);
    return respond(plainText(fault.status, `${fault.code}: ${fault.message}\n`));
  }
}

async function answerCall(desk: Desk, arrival: Arrival): Promise<Exchange> {
  const { request, requestId } = arrival;
  const authorization = readAuthorization(request);
  const guess = guessWire(desk, request);
  if (authorization.kind !== "signed") {
    const { missing, malformed } = guess.authErrors;
    const missed = authorization.kind === "missing";
    const fault = missed ? toFault(missing) : toFault(malformed, authorization.message);
    return respond(guess.encodeFault(fault, request, requestId));
  }
  const { credential } = authorization;
  const wire = desk.byName.get(credential.service);
  if (wire === undefined) return respond(refuseService(desk, arrival, credential.service));
  try {
    const caller = identify(wire, credential, desk.clock.now());
    return await call(desk, wire, { ...arrival, caller, region: credential.region });
  } catch (error) {
    return respond(wire.encodeFault(toAwsFault(error, wire.name), request, requestId));
  }
}

interface SignedArrival extends Arrival {
  readonly caller: Caller;
  readonly region: string;
}

function call(desk: Desk, wire: WireService, arrival: SignedArrival): Promise<Exchange> {
  const { clock, world } = desk;
  const { request, requestId, baseUrl, caller, region } = arrival;
  const context: ActionContext = { caller, region, clock, world, requestId, baseUrl };
  const { action, input, perform } = wire.open(request, context);
  return performCall(desk, {
    requestId,
    service: wire.name,
    action,
    caller,
    region,
    input,
    throttling: wire.throttling,
    encodeFault: (fault) => wire.encodeFault(fault, request, requestId),
    perform,
  });
}

function identify(wire: WireService, credential: Credential, now: number): Caller {
  const caller = readCaller(credential.accessKeyId);
  if (caller === null) throw toFault(wire.authErrors.unknownKey);
  if (isExpired(credential.sessionToken, now)) throw toFault(wire.authErrors.expired);
  if (credential.expiresAt !== null && credential.expiresAt <= now) throw toFault(wire.authErrors.expiredUrl);
  return caller;
}

function refuseService(desk: Desk, { request, requestId }: Arrival, service: string): PlainResponse {
  const message = `this sandbox has no service "${service}", only ${[...desk.byName.keys()].join(", ")}`;
  const fault = new AwsFault("UnknownService", message, { status: 404 });
  // Who sends no form understands JSON: of the services that speak XML otherwise, S3 is the one that is here.
  return looksLikeForm(request) ? guessWire(desk, request).encodeFault(fault, request, requestId) : jsonFault(fault);
}

function guessWire({ services }: Desk, request: PlainRequest): WireService {
  const wire = services.find(({ speaks }) => speaks(request));
  if (wire === undefined) throw new Error("the sandbox was made without a service that takes any request");
  return wire;
}

function stamp({ status, headers, body }: PlainResponse, requestId: string, clock: SandboxClock): PlainResponse {
  const date = new Date(clock.now()).toUTCString();
  return { status, headers: { date, "x-amzn-requestid": requestId, ...headers }, body };
}

function respond(response: PlainResponse): Exchange {
  return { kind: "response", response };
}

function plainText(status: number, text: string): PlainResponse {
  return { status, headers: { "content-type": "text/plain; charset=utf-8" }, body: Buffer.from(text) };
}
