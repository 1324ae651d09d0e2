import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root folder. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * @typedef {object} Manifest what is used here of a package.json
 * @property {string} name
 * @property {string} [packageManager]
 * @property {Readonly<Record<string, string>>} [scripts]
 * @property {Readonly<Record<string, string>>} [dependencies]
 * @property {Readonly<Record<string, string>>} [devDependencies]
 * @property {Readonly<Record<string, string>>} [peerDependencies]
 * @property {Readonly<Record<string, string>>} [optionalDependencies]
 */

/**
 * @typedef {object} Folder one workspace folder
 * @property {string} path relative to the root, e.g. `packages/deployment`
 * @property {Manifest} manifest
 */

/**
 * @param {string} folder
 * @returns {Manifest}
 */
export function readManifest(folder) {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}

/**
 * Every workspace folder, by path. Reads the `packages:` list of pnpm-workspace.yaml: plain paths and `<folder>/*`.
 *
 * @param {string} base the root to look in
 * @returns {readonly Folder[]}
 */
export function workspaceFolders(base) {
  return workspacePatterns(readFileSync(join(base, "pnpm-workspace.yaml"), "utf8"))
    .flatMap((pattern) => expandPattern(base, pattern))
    .filter((path) => existsSync(join(base, path, "package.json")))
    .sort()
    .map((path) => ({ path, manifest: readManifest(join(base, path)) }));
}

/**
 * @param {string} yaml
 * @returns {readonly string[]}
 */
function workspacePatterns(yaml) {
  const list = /^packages:\n((?: +- .*\n)+)/m.exec(yaml)?.[1] ?? "";
  return [...list.matchAll(/^ +- ["']?([^"'\n]+)["']?$/gm)].map((match) => match[1] ?? "");
}

/**
 * @param {string} base
 * @param {string} pattern
 * @returns {readonly string[]}
 */
function expandPattern(base, pattern) {
  if (!pattern.endsWith("/*")) return [pattern];
  const parent = pattern.slice(0, -2);
  if (!existsSync(join(base, parent))) return [];
  return readdirSync(join(base, parent)).map((name) => `${parent}/${name}`);
}
