import type { CallRecorder } from "../core/call-log.ts";
import type { SandboxClock } from "../core/clock.ts";
import type { Arrival, Gateway } from "../core/dispatcher.ts";
import type { FaultJudge } from "../core/faults.ts";
import { isObject } from "../core/is-object.ts";
import { performCall } from "../core/perform-call.ts";
import type { PlainResponse } from "../core/service.ts";
import type { World } from "../core/world.ts";
import type { Description, MatchedOperation } from "./description.ts";
import type { GitHubAnswer, GitHubCall } from "./github-call.ts";
import { GitHubFault, invalid, notFound } from "./github-fault.ts";
import { type GitHubState, githubState } from "./github-state.ts";
import { answerFault, encodeAnswer, readBody, THROTTLED } from "./github-wire.ts";
import { operations } from "./operations.ts";
import { countRequest, limitHeaders, rateLimit } from "./rate-limits.ts";
import { authenticateInstallation, findToken, openRepository } from "./repository-access.ts";

/** Where GitHub's API is on the sandbox's one port: as on a GitHub Enterprise Server. */
export const GITHUB_PREFIX = "/_github/api/v3";
/** The host that, in process, is GitHub itself. */
export const GITHUB_HOST = "api.github.com";

interface GatewayParts {
  readonly world: World;
  readonly clock: SandboxClock;
  readonly calls: CallRecorder;
  readonly faults: FaultJudge;
}

let description: Promise<Description> | undefined;

/** Read when GitHub is asked for the first time: most sandboxes never are. */
function loadDescription(): Promise<Description> {
  description ??= import("./description.ts").then(({ openDescription }) => openDescription());
  return description;
}

export function createGitHubGateway(parts: GatewayParts): Gateway {
  return {
    takes: ({ path }) => path.startsWith(`${GITHUB_PREFIX}/`),
    async answer(arrival) {
      const exchange = openExchange(parts, arrival, await loadDescription());
      const { matched, path, body, request } = exchange;
      const parameters = { ...Object.fromEntries(request.query), ...matched?.path };
      return performCall(parts, {
        requestId: arrival.requestId,
        service: "github",
        action: matched?.name ?? `${request.method} ${path}`,
        caller: { account: ownerOf(exchange), role: null, session: null, arn: "" },
        region: "",
        input: { ...parameters, ...(isObject(body) ? body : { body }) },
        throttling: { code: THROTTLED, status: 403, message: "" },
        encodeFault: (fault) => encode(exchange, answerFault(fault, timeOf(exchange))),
        perform: async () => encode(exchange, await perform(exchange, openCall(exchange, parameters))),
      });
    },
  };
}

/** One request and what it comes to. */
interface OpenExchange extends GatewayParts, Arrival {
  readonly state: GitHubState;
  readonly known: Description;
  readonly matched: MatchedOperation | null;
  /** With the repository's name, also where the request had its id. */
  readonly path: string;
  readonly body: unknown;
}

function openExchange(parts: GatewayParts, arrival: Arrival, known: Description): OpenExchange {
  const { request } = arrival;
  const state = githubState(parts.world);
  const path = withoutIds(state, request.path.slice(GITHUB_PREFIX.length));
  return {
    ...parts,
    ...arrival,
    state,
    known,
    path,
    matched: known.match(request.method, path),
    body: readBody(request.body),
  };
}

/** The call as of this moment: a request that was delayed is one of the time when it has its effect. */
function openCall(exchange: OpenExchange, parameters: Readonly<Record<string, string>>): GitHubCall {
  const { state, world, request, baseUrl, body } = exchange;
  const isGitHub = request.headers["host"] === GITHUB_HOST;
  return {
    state,
    world,
    now: timeOf(exchange),
    apiUrl: isGitHub ? `https://${GITHUB_HOST}` : `${baseUrl}${GITHUB_PREFIX}`,
    parameters,
    query: request.query.toString(),
    body: isObject(body) ? body : {},
    authorization: request.headers["authorization"],
  };
}

async function perform(exchange: OpenExchange, call: GitHubCall): Promise<GitHubAnswer> {
  const { request, path } = exchange;
  const operation = operations[checkRequest(exchange).name];
  if (operation === undefined) throw notFound();
  if (operation.by === "anyone" || operation.by === "app") return operation.perform(call);
  const token = authenticateInstallation(call);
  const { method } = request;
  countRequest(call.state, token.installation.id, { isWrite: method !== "GET", now: call.now });
  if (operation.by === "token") return operation.perform({ ...call, token });
  const { permission, level } = operation.needs;
  const { headers, ...answer } = operation.perform(
    openRepository(call, { needs: operation.needs, method, rest: restOf(path), token }),
  );
  return { ...answer, headers: { "x-accepted-github-permissions": `${permission}=${level}`, ...headers } };
}

/** Refuses what does not fit GitHub's description, and remembers it. */
function checkRequest({ state, known, matched, request, path, body }: OpenExchange): MatchedOperation {
  const operation = matched?.name ?? `${request.method} ${path}`;
  function refuse(problems: readonly string[], fault: GitHubFault): never {
    state.violations.push({ operation, side: "request", problems });
    throw fault;
  }
  if (matched === null)
    refuse(["GitHub's description, as far as the sandbox has it, knows no such operation"], notFound());
  if (body === undefined) refuse(["the body is no JSON"], new GitHubFault(400, "Problems parsing JSON"));
  const problems = known.checkRequest(matched, request.query, body);
  if (problems.length > 0) refuse(problems, invalid(...problems.map((message) => ({ code: "custom", message }))));
  return matched;
}

/** Holds the answer against GitHub's description, and gives it the headers that every answer has. */
function encode(exchange: OpenExchange, answer: GitHubAnswer): PlainResponse {
  const { state, known, matched, requestId, request } = exchange;
  const problems = matched === null ? [] : known.checkResponse(matched.name, answer.status, answer.body);
  if (matched !== null && problems.length > 0) {
    state.violations.push({ operation: matched.name, side: "response", problems });
  }
  const now = timeOf(exchange);
  const token = findToken(state, request.headers["authorization"]);
  const limits = limitHeaders(rateLimit(state, token?.installation.id ?? null, now));
  return encodeAnswer(answer, { date: new Date(now).toUTCString(), "x-github-request-id": requestId, ...limits });
}

function timeOf({ clock, state }: OpenExchange): number {
  return clock.now() + state.skewMs;
}

/** For the call log: the owner of what the call is about. */
function ownerOf({ state, matched, request }: OpenExchange): string {
  const { owner, org, installation_id: id } = matched?.path ?? {};
  const installation =
    state.installations.get(Number(id)) ?? findToken(state, request.headers["authorization"])?.installation;
  return owner ?? org ?? installation?.owner ?? "";
}

/** A repository may be named by its id: `/repositories/<id>/...` is where a renamed one is found. */
function withoutIds({ repositories }: GitHubState, path: string): string {
  const [, id, rest = ""] = /^\/repositories\/(\d+)(\/.*)?$/.exec(path) ?? [];
  const repository = repositories.find((one) => String(one.id) === id);
  return repository === undefined ? path : `/repos/${repository.owner}/${repository.name}${rest}`;
}

function restOf(path: string): string {
  return /^\/repos\/[^/]+\/[^/]+(\/.*)?$/.exec(path)?.[1] ?? "";
}
