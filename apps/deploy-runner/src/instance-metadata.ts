import { type DeploymentId, deploymentIdSchema } from "@windlass/deployment";
import { describeError } from "@windlass/windlass-error";
import { type RunnerClock, sleep } from "./runner-clock.ts";
import { RunnerError } from "./runner-error.ts";

export interface InstanceMetadata {
  instanceId(): Promise<string>;
  /** From the tag `windlass:deployment`, which the group gave the instance at its launch. */
  deployment(): Promise<DeploymentId>;
}

export interface MetadataOptions {
  /** e.g. `http://169.254.169.254`; may have a path, below which the service is. */
  readonly endpoint: string;
  readonly clock: RunnerClock;
  readonly fetch?: typeof fetch;
}

const TOKEN_TTL_SECONDS = "300";
const TIMEOUT_MS = 2_000;
const ATTEMPTS = 6;
const DELAY_MS = 1_000;
const DEPLOYMENT_TAG = "windlass:deployment";

/** Version 2 of the instance metadata service: a token first, then the values. Throws `metadata-unavailable`. */
export function createInstanceMetadata(options: MetadataOptions): InstanceMetadata {
  const read = (path: string) => readWithRetries(options, path);
  return {
    instanceId: () => read("instance-id"),
    async deployment() {
      // A colon is legal in a path and in a tag's key, and the service takes it as it is.
      const path = `tags/instance/${DEPLOYMENT_TAG}`;
      const parsed = deploymentIdSchema.safeParse(await read(path));
      if (parsed.success) return parsed.data;
      throw unavailable(path, parsed.error.issues[0]?.message ?? "is no deployment id");
    },
  };
}

/** Also after a 404: tags appear a moment after the instance does. */
async function readWithRetries(options: MetadataOptions, path: string): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await readOnce(options, path);
    } catch (error) {
      if (attempt === ATTEMPTS) throw unavailable(path, describeError(error));
    }
    await sleep(options.clock, DELAY_MS);
  }
}

async function readOnce(options: MetadataOptions, path: string): Promise<string> {
  const token = await call(options, "/latest/api/token", {
    method: "PUT",
    headers: { "x-aws-ec2-metadata-token-ttl-seconds": TOKEN_TTL_SECONDS },
  });
  return await call(options, `/latest/meta-data/${path}`, { headers: { "x-aws-ec2-metadata-token": token } });
}

async function call(options: MetadataOptions, path: string, init: RequestInit): Promise<string> {
  const send = options.fetch ?? fetch;
  const url = `${options.endpoint.replace(/\/+$/, "")}${path}`;
  const response = await send(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
  const body = await response.text();
  if (!response.ok) throw unavailable(path, `status ${response.status}`);
  return body.trim();
}

function unavailable(path: string, problem: string): RunnerError {
  return new RunnerError({
    code: "metadata-unavailable",
    message: `instance metadata could not be used: ${problem}`,
    where: path,
    hint: "the launch template must turn on instance metadata with tags; WINDLASS_INSTANCE and WINDLASS_DEPLOYMENT override it",
  });
}
