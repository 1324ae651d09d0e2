import { fileURLToPath } from "node:url";

/** Built files, found from wherever this one was built to or is run from (`dist/` or `src/`, both one level deep). */
function built(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}

/** The real programs, and the sandbox's own. */
export const programs = {
  lambda: built("../deploy-lambda/dist/handler.mjs"),
  runner: built("../deploy-runner/dist/runner.mjs"),
  cli: built("../cli/dist/windlass.mjs"),
  boardClock: built("dist/board-clock.mjs"),
  lambdaHost: built("dist/lambda-host.mjs"),
  clockPreload: built("dist/machine-clock.mjs"),
  standInTerraform: built("dist/stand-in-terraform.mjs"),
  exampleMapping: built("../../examples/account-mapping/windlass.yaml"),
} as const;
