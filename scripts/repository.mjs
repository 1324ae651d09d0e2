import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * @typedef {object} Repository
 * @property {ReadonlyMap<string, string>} files text by path, relative to the root, `/` between folders
 */

const NOT_OURS = new Set([".git", "node_modules", "dist", "coverage", "cdk.out", ".turbo", ".windlass"]);
const BINARY = /\.(?:png|jpg|gif|ico|gz|zip|tgz)$/;

/**
 * Reads every file that belongs to the repository; a picture is there, and says nothing.
 *
 * @param {string} base
 * @returns {Repository}
 */
export function readRepository(base) {
  return { files: new Map(listFiles(base, "").map((path) => [path, readText(base, path)])) };
}

/**
 * @param {string} base
 * @param {string} path
 * @returns {string}
 */
function readText(base, path) {
  return BINARY.test(path) ? "" : readFileSync(join(base, path), "utf8");
}

/**
 * @param {Repository} repository
 * @param {string} path of a file or a folder
 * @returns {boolean}
 */
export function hasPath({ files }, path) {
  const plain = path.replace(/\/$/, "");
  return files.has(plain) || [...files.keys()].some((file) => file.startsWith(`${plain}/`));
}

/**
 * Every place where a pattern matches, as `path:line`.
 *
 * @param {string} path
 * @param {string} text
 * @param {RegExp} pattern with the flag `g`
 * @returns {readonly { readonly where: string, readonly match: RegExpExecArray }[]}
 */
export function findAll(path, text, pattern) {
  return [...text.matchAll(pattern)].map((match) => ({
    where: `${path}:${text.slice(0, match.index).split("\n").length}`,
    match,
  }));
}

/**
 * @param {string} base
 * @param {string} folder
 * @returns {readonly string[]}
 */
function listFiles(base, folder) {
  return readdirSync(join(base, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return NOT_OURS.has(entry.name) ? [] : listFiles(base, path);
    return entry.isFile() && entry.name !== "test-results.json" ? [path] : [];
  });
}
