import { accessSync, chmodSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { programs } from "./programs.ts";

export interface TerraformBinary {
  readonly kind: "real" | "stand-in";
  readonly path: string;
}

/** `terraform` or `tofu` from the PATH; where there is neither, the stand-in. */
export function findTerraform(searchPath: string): TerraformBinary {
  for (const name of ["terraform", "tofu"]) {
    for (const folder of searchPath.split(delimiter)) {
      const path = join(folder, name);
      if (folder !== "" && isExecutable(path)) return { kind: "real", path };
    }
  }
  chmodSync(programs.standInTerraform, 0o755);
  return { kind: "stand-in", path: programs.standInTerraform };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
