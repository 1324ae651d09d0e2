import { posix } from "node:path";

/** Terraform's own choice: https://developer.hashicorp.com/terraform/cli/config/environment-variables#tf_data_dir */
export const DATA_DIRECTORY = ".terraform";

/**
 * Where init puts what the next steps need, as a path within the working directory. Null: outside of it, where no other
 * step's container finds it. `environment`: the image's, as `NAME=value`.
 */
export function dataDirectoryOf(environment: readonly string[], workingDirectory: string): string | null {
  const chosen = environment.findLast((entry) => entry.startsWith("TF_DATA_DIR="))?.slice("TF_DATA_DIR=".length);
  if (chosen === undefined || chosen === "") return DATA_DIRECTORY;
  const path = posix.relative(workingDirectory, posix.resolve(workingDirectory, chosen));
  return path === ".." || path.startsWith("../") ? null : path;
}
