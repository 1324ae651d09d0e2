import { ECRClient } from "@aws-sdk/client-ecr";
import type { Assignment } from "@windlass/deployment";
import { createImageAccess } from "@windlass/ecr-tag-diff";
import type { Config } from "./config.ts";
import { createContainerCli } from "./container/container-cli.ts";
import { createContainerEngine } from "./container/container-engine.ts";
import { CREDENTIALS_ADDRESS } from "./container/container-network.ts";
import type { ApplyRole } from "./credentials/apply-role.ts";
import { openCredentialsEndpoint } from "./credentials/credentials-endpoint.ts";
import { createDirectoryEngine } from "./directory-engine.ts";
import type { Engine } from "./engine.ts";
import type { ApplyRoleFor } from "./open-apply-role.ts";
import type { RunnerLog } from "./ports.ts";
import { RunnerError } from "./runner-error.ts";

/** SDKs ask nowhere else: https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html */
const CREDENTIALS_PORT = 80;

export interface EngineWorld {
  readonly applyRole: ApplyRoleFor;
  readonly log: RunnerLog;
  /** Of clients of AWS. */
  readonly requestHandler: object;
}

/** The engine that the configuration names. Throws `RunnerError` `network-setup-failed` for containers without root. */
export function openEngine(config: Config, { applyRole, log, requestHandler }: EngineWorld): Engine {
  const { engine, workDirectory, endpointUrl } = config;
  if (engine.kind === "directory") return createDirectoryEngine({ ...engine, workDirectory });
  requireRoot();
  return createContainerEngine({
    cli: createContainerCli(engine.kind, engine.environment),
    images: ({ registry }, signal) =>
      createImageAccess({
        client: new ECRClient({ region: registry.region, requestHandler }),
        registryId: registry.account,
        signal,
      }),
    registry: (assignment) => registryOf(assignment, endpointUrl),
    workDirectory,
    async openCredentials(assignment) {
      const role = requireRole(applyRole(assignment));
      // Before anything runs: Terraform would only say that it finds no credentials.
      await role.credentials();
      return await openCredentialsEndpoint({ role, log, host: CREDENTIALS_ADDRESS, port: CREDENTIALS_PORT });
    },
    environment: containerEnvironment(config),
  });
}

/**
 * Amazon ECR's name for a registry: https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html. An emulator
 * has one host for all accounts, so the account comes first in the path there.
 */
function registryOf({ registry }: Assignment, endpointUrl: string | null) {
  if (endpointUrl !== null) {
    const { host, protocol } = new URL(endpointUrl);
    return { prefix: `${host}/${registry.account}`, insecure: protocol === "http:" };
  }
  const suffix = registry.region.startsWith("cn-") ? ".cn" : "";
  return { prefix: `${registry.account}.dkr.ecr.${registry.region}.amazonaws.com${suffix}`, insecure: false };
}

function containerEnvironment({ region, endpointUrl }: Config): Readonly<Record<string, string>> {
  const endpoint = endpointUrl === null ? {} : { AWS_ENDPOINT_URL: endpointUrl };
  return { AWS_REGION: region, AWS_DEFAULT_REGION: region, ...endpoint };
}

function requireRole(role: ApplyRole | null): ApplyRole {
  if (role !== null) return role;
  throw new RunnerError({ code: "config-invalid", message: "containers need WINDLASS_APPLY_ROLE" });
}

function requireRoot(): void {
  if (process.getuid?.() === 0) return;
  throw new RunnerError({
    code: "network-setup-failed",
    message: "the runner is not root, so it can not keep containers from instance metadata",
    hint: "the systemd unit of the boot script runs it as root",
  });
}
