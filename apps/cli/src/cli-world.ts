import type { ECRClient } from "@aws-sdk/client-ecr";
import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { STSClient } from "@aws-sdk/client-sts";
import type { OpenAws } from "./aws-clients.ts";

/** Everything that commands use beside their arguments; made in `windlass.ts`. */
export interface CliWorld {
  /** What a command is for: its result. */
  readonly write: (text: string) => void;
  /** What went wrong. */
  readonly writeError: (text: string) => void;
  /** What standard output is. */
  readonly terminal: Terminal;
  /** Environment variables, as the command line documents them. */
  readonly env: Environment;
  /** Asks the person a question that is answered with yes or no; not there where nobody can be asked. */
  readonly confirm?: (question: string) => Promise<boolean>;
  /** Opens an address in the person's browser; false where there is none. Not there where nobody would look at it. */
  readonly openPage?: (url: string) => Promise<boolean>;
  readonly fetch: typeof fetch;
  readonly now: () => Date;
  /** Rejects when the signal ends it. */
  readonly wait: (ms: number, signal?: AbortSignal) => Promise<unknown>;
  /** Aborted when the person interrupts: what follows something ends then, and has not failed. */
  readonly interrupted: AbortSignal;
  /** Relative paths are meant from there. */
  readonly cwd: string;
  /** With the user's own credentials: those of a profile, or the SDK's own choice. */
  readonly openAws: OpenAws;
  /** With the user's own credentials. The AWS SDK is loaded here and nowhere else: most commands need none of it. */
  readonly openSecrets: (region: string) => Promise<SecretsManagerClient>;
  /** With the user's own credentials. */
  readonly openRegistry: (region: string) => Promise<RegistryClients>;
}

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Terminal {
  /** Somebody looks at it: colours, tables that fit it, and screens that are drawn again. */
  readonly interactive: boolean;
  /** Its width in characters. */
  readonly columns: number;
}

export interface RegistryClients {
  readonly ecr: ECRClient;
  readonly sts: STSClient;
}
