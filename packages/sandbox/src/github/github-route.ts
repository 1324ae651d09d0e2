import type { CallRecorder } from "../core/call-log.ts";
import type { SandboxClock } from "../core/clock.ts";
import type { Exchange } from "../core/dispatcher.ts";
import type { FaultJudge } from "../core/faults.ts";
import { performCall } from "../core/perform-call.ts";
import type { AwsFault, PlainRequest, PlainResponse } from "../core/service.ts";
import type { World } from "../core/world.ts";
import type { Description, MatchedOperation } from "./description.ts";
import type { GitHubAnswer, GitHubCall } from "./github-call.ts";
import { GitHubFault, invalid, notFound } from "./github-fault.ts";
import { type GitHubState, githubState } from "./github-state.ts";
import { operations } from "./operations.ts";
import { countRequest, primaryLimit, SECONDARY_LIMIT, secondaryLimit } from "./rate-limits.ts";
import { authenticateInstallation, openRepository } from "./repository-access.ts";

/** Where GitHub's API is on the sandbox's one port: as on a GitHub Enterprise Server. */
export const GITHUB_PREFIX = "/_github/api/v3";
/** The host that, in process, is GitHub itself. */
export const GITHUB_HOST = "api.github.com";

export interface GitHubDesk {
  readonly world: World;
  readonly clock: SandboxClock;
  readonly calls: CallRecorder;
  readonly faults: FaultJudge;
}

export interface GitHubArrival {
  readonly request: PlainRequest;
  readonly requestId: string;
  readonly baseUrl: string;
}

let description: Promise<Description> | undefined;

/** Read when GitHub is asked for the first time: most sandboxes never are. */
function loadDescription(): Promise<Description> {
  description ??= import("./description.ts").then(({ openDescription }) => openDescription());
  return description;
}

/** Answers a request to GitHub. Never rejects. */
export async function answerGitHub(desk: GitHubDesk, arrival: GitHubArrival): Promise<Exchange> {
  const { request, requestId, baseUrl } = arrival;
  const state = githubState(desk.world);
  const known = await loadDescription();
  const path = withoutIds(state, request.path.slice(GITHUB_PREFIX.length));
  const matched = known.match(request.method, path);
  const operation = matched?.name ?? `${request.method} ${path}`;
  const now = desk.clock.now() + state.skewMs;
  const apiUrl = request.headers["host"] === GITHUB_HOST ? `https://${GITHUB_HOST}` : `${baseUrl}${GITHUB_PREFIX}`;
  const body = parseBody(request.body);
  const call: GitHubCall = {
    state,
    world: desk.world,
    now,
    apiUrl,
    parameters: { ...Object.fromEntries(request.query), ...matched?.path },
    body: typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {},
    authorization: request.headers["authorization"],
  };
  return performCall(desk, {
    requestId,
    service: "github",
    action: operation,
    caller: { account: matched?.path["owner"] ?? matched?.path["org"] ?? "", role: null, session: null, arn: "" },
    region: "",
    input: { ...call.parameters, ...call.body },
    throttling: { code: "secondary-limit", status: 403, message: SECONDARY_LIMIT },
    encodeFault: (fault) => encodeFault(fault, now),
    async perform() {
      const { headers, ...answer } = await answerMatched(known, { call, matched, request, path, body });
      return toResponse(answer, { ...headers, date: new Date(now).toUTCString() });
    },
  });
}

interface Answering {
  readonly call: GitHubCall;
  readonly matched: MatchedOperation | null;
  readonly request: PlainRequest;
  readonly path: string;
  readonly body: unknown;
}

async function answerMatched(
  known: Description,
  { call, matched, request, path, body }: Answering,
): Promise<GitHubAnswer> {
  const { state } = call;
  if (matched === null) {
    state.violations.push({
      operation: `${request.method} ${path}`,
      side: "request",
      problems: ["GitHub's description, as far as the sandbox has it, knows no such operation"],
    });
    throw notFound();
  }
  const problems = known.checkRequest(matched.name, request.query, body);
  if (problems.length > 0) {
    state.violations.push({ operation: matched.name, side: "request", problems });
    throw invalid(...problems.map((message) => ({ code: "custom", message })));
  }
  const answer = await perform(call, { name: matched.name, method: request.method, rest: restOf(path) });
  const misfits = known.checkResponse(matched.name, answer.status, answer.body);
  if (misfits.length > 0) state.violations.push({ operation: matched.name, side: "response", problems: misfits });
  return answer;
}

interface Performing {
  readonly name: string;
  readonly method: string;
  /** Of the path, after the repository. */
  readonly rest: string;
}

async function perform(call: GitHubCall, { name, method, rest }: Performing): Promise<GitHubAnswer> {
  const operation = operations[name];
  if (operation === undefined) throw notFound();
  if (operation.by === "app") return operation.perform(call);
  const token = authenticateInstallation(call);
  const limits = countRequest(call.state, token.installation, { isWrite: method !== "GET", now: call.now });
  const answer = operation.perform(openRepository(call, { needs: operation.needs, method, rest, token }));
  return { ...answer, headers: { ...limits, ...answer.headers } };
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

function parseBody(bytes: Uint8Array): unknown {
  if (bytes.length === 0) return {};
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    return "not JSON";
  }
}

function encodeFault(fault: AwsFault, now: number): PlainResponse {
  const told = toGitHubFault(fault, now);
  const body = {
    message: told.message,
    documentation_url: "https://docs.github.com/rest",
    status: String(told.status),
    ...(told.errors === undefined ? {} : { errors: told.errors }),
    ...told.extra,
  };
  return toResponse({ status: told.status, body }, { ...told.headers, date: new Date(now).toUTCString() });
}

/** Injected faults in GitHub's own words. */
function toGitHubFault(fault: AwsFault, now: number): GitHubFault {
  if (fault instanceof GitHubFault) return fault;
  if (fault.code === "primary") {
    const reset = String(Math.ceil(now / 1000) + 1800);
    return primaryLimit({ "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset }, 0);
  }
  if (fault.code !== "secondary-limit") return new GitHubFault(fault.status, fault.message);
  const { retryAfter = 60 } = fault.extra as { readonly retryAfter?: number | null };
  return secondaryLimit(retryAfter);
}

function toResponse(
  { status, body }: Omit<GitHubAnswer, "headers">,
  headers: Readonly<Record<string, string>>,
): PlainResponse {
  return {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
    body: Buffer.from(JSON.stringify(body)),
  };
}
