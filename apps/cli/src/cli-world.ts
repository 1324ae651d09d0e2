import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";

/** Everything that commands use beside their arguments; made in `windlass.ts`. */
export interface CliWorld {
  /** What a command is for: its result. */
  readonly write: (text: string) => void;
  /** What went wrong. */
  readonly writeError: (text: string) => void;
  readonly fetch: typeof fetch;
  readonly now: () => Date;
  /** Relative paths are meant from there. */
  readonly cwd: string;
  /** With the user's own credentials. */
  readonly openSecrets: (region: string) => SecretsManagerClient;
}
