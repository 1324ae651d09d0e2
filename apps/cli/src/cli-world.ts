import type { ECRClient } from "@aws-sdk/client-ecr";
import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { STSClient } from "@aws-sdk/client-sts";

/** Everything that commands use beside their arguments; made in `windlass.ts`. */
export interface CliWorld {
  /** What a command is for: its result. */
  readonly write: (text: string) => void;
  /** What went wrong. */
  readonly writeError: (text: string) => void;
  readonly fetch: typeof fetch;
  readonly now: () => Date;
  readonly wait: (ms: number) => Promise<unknown>;
  /** Relative paths are meant from there. */
  readonly cwd: string;
  /** With the user's own credentials. The AWS SDK is loaded here and nowhere else: most commands need none of it. */
  readonly openSecrets: (region: string) => Promise<SecretsManagerClient>;
  /** With the user's own credentials. */
  readonly openRegistry: (region: string) => Promise<RegistryClients>;
}

export interface RegistryClients {
  readonly ecr: ECRClient;
  readonly sts: STSClient;
}
