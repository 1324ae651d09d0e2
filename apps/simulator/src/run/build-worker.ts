import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";
import { changesOf, type FileChange, type Mutant } from "../mutants/mutant.ts";

/** The repository's root, seen from `dist/`. */
export const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const FOLDER = join(ROOT, "apps/simulator");
/** Apps whose sources are part of the simulation; everything else of ours is a package. */
const APPS = ["deploy-runner"];

/**
 * Bundles the simulation with the product's own sources; with a mutant, some places of them are others. Gives the path of
 * the bundle. Throws where a text of the mutant is not in its file exactly once: it would mutate nothing.
 */
export async function buildWorker(mutant: Mutant | null): Promise<string> {
  const outfile = join(FOLDER, "dist/workers", `${mutant?.name ?? "product"}.mjs`);
  await build({
    entryPoints: [join(FOLDER, "src/worker.ts")],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    mainFields: ["module", "main"],
    sourcemap: "linked",
    legalComments: "none",
    logLevel: "error",
    banner: { js: 'import{createRequire as __cr}from"node:module";const require=__cr(import.meta.url);' },
    plugins: [ownSources, ...(mutant === null ? [] : changesOf(mutant).map((change) => mutate(mutant.name, change)))],
  });
  return outfile;
}

const ownSources: Plugin = {
  name: "own-sources",
  setup(bundler) {
    bundler.onResolve({ filter: /^@windlass\/[a-z-]+$/ }, ({ path }) => {
      const name = path.slice("@windlass/".length);
      return { path: join(ROOT, APPS.includes(name) ? "apps" : "packages", name, "src/index.ts") };
    });
  },
};

function mutate(name: string, { file, changes }: FileChange): Plugin {
  const target = join(ROOT, file);
  return {
    name: "mutant",
    setup(bundler) {
      let seen = false;
      bundler.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        if (path !== target) return undefined;
        seen = true;
        let contents = await readFile(path, "utf8");
        for (const [from, to] of changes) contents = replaceOnce(contents, from, to, `${name}: ${file}`);
        return { contents, loader: "ts" };
      });
      bundler.onEnd(() => {
        if (!seen) throw new Error(`${name}: ${file} is no part of what is simulated`);
      });
    },
  };
}

/** Throws unless the text is there exactly once. */
export function replaceOnce(text: string, from: string, to: string, where: string): string {
  const parts = text.split(from);
  if (parts.length === 2) return parts.join(to);
  throw new Error(`${where}: expected this text once, found it ${parts.length - 1} times: ${from}`);
}
