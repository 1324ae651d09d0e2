import { accessKeyFor } from "../core/caller.ts";
import { percentDecode } from "../core/percent-decode.ts";
import type { HttpRoute, PlainRequest, PlainResponse, RouteContext } from "../core/service.ts";
import { issueSessionToken } from "../core/session-token.ts";
import { wholeNumber } from "../core/whole-number.ts";
import { everywhere, type StateKey, stateKey } from "../core/world.ts";
import type { InstanceDescription, InstanceSource } from "./instance-source.ts";
import { metadataPaths, type RoleCredentials, readPath, wholeSeconds } from "./metadata-paths.ts";

/** Where every instance finds its own metadata service on the sandbox's one port. */
export const metadataPrefix = "/_instance/";

/**
 * Version 2 of the instance metadata service, for every instance at `/_instance/<instance-id>`. Version 1 is off.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html
 */
export function createMetadataRoute(source: InstanceSource): HttpRoute {
  return {
    prefix: metadataPrefix,
    handle(request, context) {
      const [instanceId = "", ...segments] = request.path.slice(metadataPrefix.length).split("/");
      const instance = source.describeInstance(percentDecode(instanceId) ?? instanceId);
      if (instance === null) return text(404, `no such instance: ${instanceId}\n`);
      return answer(instance, { ...request, path: `/${segments.join("/")}` }, context);
    },
  };
}

interface Token {
  readonly instanceId: string;
  readonly expiresAt: number;
}

const tokensKey: StateKey<Map<string, Token>> = stateKey("metadata.tokens");
const ttlHeader = "x-aws-ec2-metadata-token-ttl-seconds";
const longestTtl = 21_600;

function answer(instance: InstanceDescription, request: PlainRequest, context: RouteContext): PlainResponse {
  if (request.path === "/latest/api/token") return answerToken(instance, request, context);
  if (request.method !== "GET" && request.method !== "HEAD") return text(405, "method not allowed\n");
  const token = tokensOf(context).get(request.headers["x-aws-ec2-metadata-token"] ?? "");
  const now = context.clock.now();
  // Also for a token of another instance, or one that has ended: version 1 is no way round.
  if (token === undefined || token.instanceId !== instance.instanceId || token.expiresAt <= now) {
    return text(401, "a session token is needed\n");
  }
  if (!request.path.startsWith("/latest/")) return text(404, "not found\n");
  const paths = metadataPaths(instance, makeCredentials(instance, context));
  const path = percentDecode(request.path.slice("/latest/".length));
  const found = path === null ? null : readPath(paths, path);
  if (found === null) return text(404, "not found\n");
  const ttl = { [ttlHeader]: String(Math.ceil((token.expiresAt - now) / 1000)) };
  return text(200, found, ttl);
}

function answerToken(instance: InstanceDescription, request: PlainRequest, context: RouteContext): PlainResponse {
  if (request.method !== "PUT") return text(405, "method not allowed\n", { allow: "OPTIONS, PUT" });
  // A request that came through a proxy is not the instance's own.
  if (request.headers["x-forwarded-for"] !== undefined) return text(403, "forbidden\n");
  const seconds = wholeNumber(request.headers[ttlHeader] ?? "");
  if (!(seconds >= 1 && seconds <= longestTtl)) {
    return text(400, `${ttlHeader} must be between 1 and ${longestTtl}\n`);
  }
  const token = `sandbox-imds-${context.world.hexId(32)}`;
  const expiresAt = context.clock.now() + seconds * 1000;
  tokensOf(context).set(token, { instanceId: instance.instanceId, expiresAt });
  return text(200, token, { [ttlHeader]: String(seconds) });
}

function tokensOf({ world }: RouteContext): Map<string, Token> {
  return world.state(tokensKey, everywhere, everywhere, () => new Map());
}

/** Sessions of an instance's role carry the instance's id as their name and last six hours. */
function makeCredentials(instance: InstanceDescription, { clock, world }: RouteContext): RoleCredentials | null {
  const { account, role, instanceId } = instance;
  if (role === null) return null;
  const now = Math.floor(clock.now() / 1000) * 1000;
  const expiresAt = now + longestTtl * 1000;
  return {
    accessKeyId: accessKeyFor({ account, role, session: instanceId }),
    secretAccessKey: "sandbox",
    token: issueSessionToken(expiresAt, world.hexId(16)),
    expiration: wholeSeconds(expiresAt),
    lastUpdated: wholeSeconds(now),
  };
}

function text(status: number, body: string, headers: Readonly<Record<string, string>> = {}): PlainResponse {
  return { status, headers: { "content-type": "text/plain", ...headers }, body: Buffer.from(body) };
}
