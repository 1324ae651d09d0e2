import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { fileLayer } from "./container-world.ts";

/** Where the layer has a Node of this machine's. */
export const NODE = "/bin/node";

/** A layer with Node, the libraries that it needs, and a program in the module that is bundled with the real AWS SDK. */
export function sdkLayer(name: string, program: string): Uint8Array {
  return fileLayer({ ...nodeFiles(), [`module/${name}`]: bundle(program) });
}

/** Libraries lie in the image where they lie here: the loader's path is part of a program. */
function nodeFiles(): Readonly<Record<string, Uint8Array>> {
  const libraries = librariesOf(process.execPath).map((path) => [path.slice(1), readFileSync(path)] as const);
  return { [NODE.slice(1)]: readFileSync(process.execPath), ...Object.fromEntries(libraries) };
}

function librariesOf(program: string): readonly string[] {
  const said = execFileSync("ldd", [program], { encoding: "utf8" });
  return [...said.matchAll(/(\/\S+) \(0x/g)].flatMap(([, path]) => (path === undefined ? [] : [path]));
}

/** esbuild comes with the bundler of the runner itself. */
function bundle(program: string): Uint8Array {
  const require = createRequire(import.meta.url);
  const esbuild = createRequire(require.resolve("tsup/package.json")).resolve("esbuild/bin/esbuild");
  const flags = ["--bundle", "--platform=node", "--format=cjs", "--log-level=error"];
  const folder = dirname(fileURLToPath(import.meta.url));
  return execFileSync(esbuild, flags, { input: program, cwd: folder, maxBuffer: 64 * 1_048_576 });
}
