import { resolve } from "node:path";
import { InfraError } from "./infra-error.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** This process's environment, read once. */
export function readEnvironment(): Environment {
  // biome-ignore lint/style/noProcessEnv: the one place that reads it.
  return process.env;
}

/**
 * The account mapping's file: `-c mapping=<path>` of the CDK's command line, or else `WINDLASS_MAPPING_FILE`. A path is
 * relative to where the command was called, which a script's own folder is not.
 */
export function mappingFile(environment: Environment): string {
  const path = contextOf(environment)["mapping"] ?? environment["WINDLASS_MAPPING_FILE"];
  if (typeof path === "string" && path !== "") return resolve(environment["INIT_CWD"] ?? ".", path);
  throw new InfraError({
    code: "mapping-unreadable",
    message: "nobody says where the account mapping is",
    expected: "the environment variable WINDLASS_MAPPING_FILE, or -c mapping=<path>",
    hint: "try examples/account-mapping/windlass.yaml",
  });
}

/** What the CDK's command line hands over in a variable of its own. */
function contextOf(environment: Environment): Readonly<Record<string, unknown>> {
  const context: unknown = JSON.parse(environment["CDK_CONTEXT_JSON"] ?? "{}");
  return typeof context === "object" && context !== null ? { ...context } : {};
}
