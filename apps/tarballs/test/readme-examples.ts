import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Tarball } from "./pack-workspace.ts";
import { root } from "./programs.ts";

export interface Example {
  /** Of a file without its ending, such as `deployment-1`. */
  readonly name: string;
  readonly package: string;
  readonly code: string;
  /** The packages that it imports. */
  readonly imports: readonly string[];
}

/** Every block of `ts` in the READMEs. */
export function readmeExamples(packed: readonly Tarball[]): readonly Example[] {
  return packed.flatMap(({ folder, manifest }) => {
    const readme = readFileSync(join(root, folder, "README.md"), "utf8");
    return [...readme.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code = ""], at) => ({
      name: `${folder.split("/")[1]}-${at + 1}`,
      package: manifest.name,
      code,
      imports: importedPackages(code),
    }));
  });
}

function importedPackages(code: string): readonly string[] {
  const names = [...code.matchAll(/(?:\bfrom|\bimport\()\s*"((?:@[\w-]+\/)?[\w-]+)[^"]*"/g)].map(
    ([, name = ""]) => name,
  );
  return [...new Set(names)];
}
