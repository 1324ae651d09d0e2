// Where other people's code comes from: one version of each in the catalog, no addresses, actions by commit.
import { findAll } from "../repository.mjs";

/** @typedef {import("../repository.mjs").Repository} Repository */

/**
 * @param {Repository} repository
 * @returns {readonly string[]}
 */
export function checkManifests({ files }) {
  return [...files].flatMap(([path, text]) => {
    if (path.endsWith("package.json")) return checkVersions(path, JSON.parse(text));
    if (path === "pnpm-lock.yaml") return checkLockfile(path, text);
    if (/^\.github\/.*\.ya?ml$/.test(path)) return checkActions(path, text);
    return [];
  });
}

/**
 * @param {string} path
 * @param {import("../workspace.mjs").Manifest} manifest
 * @returns {readonly string[]}
 */
function checkVersions(path, manifest) {
  const versions = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.peerDependencies };
  return Object.entries(versions)
    .filter(([name, version]) => version !== (name.startsWith("@windlass/") ? "workspace:*" : "catalog:"))
    .map(([name, version]) => `${path}: expected "catalog:" (or "workspace:*" for our own), found ${name} ${version}`);
}

/**
 * @param {string} path
 * @param {string} text
 * @returns {readonly string[]}
 */
function checkLockfile(path, text) {
  return findAll(path, text, /https?:\/\/\S+/g).map(
    ({ where, match }) => `${where}: expected no address in the lockfile, found ${match[0]}`,
  );
}

/**
 * @param {string} path
 * @param {string} text
 * @returns {readonly string[]}
 */
function checkActions(path, text) {
  return findAll(path, text, /\buses:\s*(\S+)(.*)/g)
    .filter(({ match }) => !/^[\w./-]+@[0-9a-f]{40} # v\d/.test(`${match[1]}${match[2]}`))
    .map(({ where, match }) => `${where}: expected an action by its full commit and "# v<version>", found ${match[1]}`);
}
