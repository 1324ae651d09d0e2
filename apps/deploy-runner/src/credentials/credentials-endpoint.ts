import { randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { describeError } from "@windlass/windlass-error";
import type { RunnerLog } from "../ports.ts";
import { RunnerError } from "../runner-error.ts";
import type { ApplyRole } from "./apply-role.ts";

/**
 * Where a container's AWS SDK gets its credentials:
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
 */
export interface CredentialsEndpoint {
  /** What leads an SDK here, and nowhere else. Secret. */
  readonly environment: Readonly<Record<string, string>>;
  /** What must not be shown: also all that it has handed out so far, which becomes more with each renewal. */
  readonly secrets: readonly string[];
  close(): Promise<void>;
}

export interface EndpointOptions {
  readonly role: ApplyRole;
  readonly log: RunnerLog;
  /** 169.254.170.2, port 80, for SDKs; another in tests. */
  readonly host: string;
  readonly port: number;
}

const MOST_CONNECTIONS = 128;

/**
 * Serves the apply role's credentials at a path and with a token that only this deployment's containers know. Throws
 * `credentials-endpoint-failed` where the address can not be taken.
 */
export async function openCredentialsEndpoint(options: EndpointOptions): Promise<CredentialsEndpoint> {
  const path = `/windlass/${randomBytes(16).toString("hex")}`;
  const token = randomBytes(32).toString("hex");
  const handedOut = new Set<string>();
  const serving = { ...options, path, token, handedOut };
  const server = createServer((request, response) => void answer(request, response, serving));
  // What a container opens without end must not use up the runner's files.
  server.maxConnections = MOST_CONNECTIONS;
  await listen(server, options);
  return {
    environment: {
      AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: path,
      AWS_CONTAINER_AUTHORIZATION_TOKEN: token,
      AWS_EC2_METADATA_DISABLED: "true",
    },
    get secrets() {
      return [path, token, ...handedOut];
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, { host, port }: EndpointOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    // For good: an error that comes later, such as a connection that can not be taken, must not end the runner.
    server.on("error", (cause: Error) =>
      reject(
        new RunnerError({
          code: "credentials-endpoint-failed",
          message: "the address from which Terraform gets its credentials could not be taken",
          where: `${host}:${port}`,
          found: cause.message,
          hint: "nothing else on the instance may listen there, and the runner needs root",
          cause,
        }),
      ),
    );
    server.listen({ host, port }, resolve);
  });
}

interface Serving extends EndpointOptions {
  readonly path: string;
  readonly token: string;
  readonly handedOut: Set<string>;
}

async function answer(request: IncomingMessage, response: ServerResponse, serving: Serving): Promise<void> {
  request.resume();
  const { status, body } = await decide(request, serving);
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify(body));
}

async function decide({ method, url, headers }: IncomingMessage, serving: Serving) {
  const { role, log, path, token, handedOut } = serving;
  if (url !== path) return fault(404, "NotFound", "there is nothing here");
  if (!isSame(headers.authorization ?? "", token)) return fault(401, "Unauthorized", "the token is not right");
  if (method !== "GET") return fault(405, "MethodNotAllowed", "only GET is served");
  try {
    const { accessKeyId, secretAccessKey, sessionToken, expiration } = await role.credentials();
    // Before whoever asks can print it.
    handedOut.add(secretAccessKey).add(sessionToken);
    const body = {
      RoleArn: role.arn,
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      Token: sessionToken,
      Expiration: expiration.toISOString().replace(/\.\d+Z$/, "Z"),
    };
    return { status: 200, body };
  } catch (error) {
    log.error({ error: describeError(error) }, "no credentials for Terraform");
    // An SDK tries again.
    return fault(503, "ServiceUnavailable", "the role can not be assumed now");
  }
}

function fault(status: number, code: string, message: string) {
  return { status, body: { code, message } };
}

function isSame(found: string, expected: string): boolean {
  const [one, other] = [Buffer.from(found), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}
