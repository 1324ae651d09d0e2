import { readdir } from "node:fs/promises";
import type { Assignment } from "@windlass/deployment";
import { RunnerError } from "./runner-error.ts";

/**
 * What Terraform and OpenTofu read of a root module; not what only overrides it, and not what editors leave.
 * https://developer.hashicorp.com/terraform/language/files, https://opentofu.org/docs/language/files/
 */
const CONFIGURATION = /\.(?:tf|tofu)(?:\.json)?$/;
const OVERRIDE = /(?:^|_)override\.[^/]+$/;
const IGNORED = /^\.|^#.*#$/;

/**
 * Makes sure that there is a module where Terraform's own steps are to run. A folder without one is a valid module to
 * Terraform, which then destroys all that is in the state: a mistaken `WORKDIR` is enough. Throws `image-unfit`. An entry
 * point of the image's own may have its module elsewhere.
 */
export async function requireConfiguration(module: string, { entrypoint }: Assignment): Promise<void> {
  if (entrypoint !== null) return;
  const names = await readdir(module);
  if (names.some((name) => CONFIGURATION.test(name) && !OVERRIDE.test(name) && !IGNORED.test(name))) return;
  throw new RunnerError({
    code: "image-unfit",
    message:
      "the image's working directory has no Terraform configuration: to apply that would destroy all that is in the state",
    expected: "a file that ends with .tf or .tf.json",
    found: names.length === 0 ? "nothing" : names.toSorted().slice(0, 10).join(", "),
    hint: "have WORKDIR and COPY in its Dockerfile name the same folder; to destroy everything on purpose, leave an empty main.tf there",
  });
}
