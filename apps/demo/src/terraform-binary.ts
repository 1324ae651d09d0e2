import { chmodSync } from "node:fs";
import { findProgram } from "./find-program.ts";
import { programs } from "./programs.ts";

export interface TerraformBinary {
  readonly kind: "real" | "stand-in";
  readonly path: string;
}

/** `terraform` or `tofu` from the PATH; where there is neither, the stand-in. */
export function findTerraform(searchPath: string): TerraformBinary {
  const path = findProgram("terraform", searchPath) ?? findProgram("tofu", searchPath);
  if (path !== null) return { kind: "real", path };
  chmodSync(programs.standInTerraform, 0o755);
  return { kind: "stand-in", path: programs.standInTerraform };
}
