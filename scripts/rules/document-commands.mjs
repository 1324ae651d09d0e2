// Commands in the documents are commands of this repository.
import { findAll } from "../repository.mjs";

/** @typedef {import("../repository.mjs").Repository} Repository */

const BUILT_IN = new Set(["install", "exec", "add"]);

/**
 * Checks each line of the fenced `sh` blocks of one document that starts npm or pnpm.
 *
 * @param {Repository} repository
 * @param {string} path
 * @param {string} text
 * @returns {readonly string[]}
 */
export function checkCommands({ files }, path, text) {
  const scripts = new Set(Object.keys(readJson(files, "package.json").scripts ?? {}));
  const tasks = new Set(Object.keys(readJson(files, "turbo.json").tasks ?? {}));
  return findAll(path, text, /^```sh\n([\s\S]*?)^```/gm)
    .flatMap(({ match }) => (match[1] ?? "").split("\n"))
    .map((line) => ({ line: line.trim(), unknown: unknownPart(line.trim(), scripts, tasks) }))
    .filter(({ unknown }) => unknown !== null)
    .map(({ line, unknown }) => `${path}: expected a command of this repository, found ${unknown} in: ${line}`);
}

/**
 * @param {string} line
 * @param {ReadonlySet<string>} scripts
 * @param {ReadonlySet<string>} tasks
 * @returns {string | null}
 */
function unknownPart(line, scripts, tasks) {
  const words = (line.split(/\s+[#|>]|\s--\s/)[0] ?? "").split(/\s+/).filter((word) => !word.startsWith("-"));
  const [program = "", ...rest] = words[0] === "npx" ? words.slice(1) : words;
  const [first = "", second = ""] = rest;
  if (program === "npm") {
    if (first === "install") return second.startsWith("@windlass/") ? null : line;
    const script = first === "run" ? second : first;
    return scripts.has(script) ? null : script;
  }
  if (program !== "pnpm" || line.includes("--filter")) return null;
  if (first === "turbo") return rest.slice(1).find((task) => task !== "run" && !tasks.has(task)) ?? null;
  return scripts.has(first) || BUILT_IN.has(first) ? null : first;
}

/**
 * @param {ReadonlyMap<string, string>} files
 * @param {string} path
 */
function readJson(files, path) {
  return JSON.parse(files.get(path) ?? "{}");
}
