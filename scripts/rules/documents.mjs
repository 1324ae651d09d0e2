// What the documents say is there, is there.
import { posix } from "node:path";
import { findAll, hasPath } from "../repository.mjs";
import { checkCommands } from "./document-commands.mjs";

/** @typedef {import("../repository.mjs").Repository} Repository */

const LONGEST_AGENTS = 120;

/**
 * @param {Repository} repository
 * @returns {readonly string[]}
 */
export function checkDocuments(repository) {
  const documents = [...repository.files].filter(([path]) => path.endsWith(".md"));
  return [
    ...checkAgents(repository),
    ...checkPackageReadmes(repository),
    ...documents.flatMap(([path, text]) => checkLinks(repository, path, text)),
    ...documents.flatMap(([path, text]) => checkCommands(repository, path, text)),
  ];
}

/**
 * Every path in backticks in AGENTS.md exists.
 *
 * @param {Repository} repository
 * @returns {readonly string[]}
 */
function checkAgents(repository) {
  const path = "AGENTS.md";
  const text = repository.files.get(path);
  if (text === undefined) return [`${path}: expected a map of the repository, found none`];
  const lines = text.split("\n").length - 1;
  const length = lines > LONGEST_AGENTS ? [`${path}: expected at most ${LONGEST_AGENTS} lines, found ${lines}`] : [];
  const missing = findAll(path, text, /`([^`\n]+)`/g)
    .filter(({ match }) => looksLikePath(match[1] ?? "") && !hasPath(repository, match[1] ?? ""))
    .map(({ where, match }) => `${where}: expected a path that exists, found ${match[1]}`);
  return [...length, ...missing];
}

/** @param {string} text */
function looksLikePath(text) {
  if (!/^[\w.-]+(?:\/[\w.-]+)*\/?$/.test(text) || /(?:^|\/)(?:dist|node_modules)(?:\/|$)/.test(text)) return false;
  return (
    /^(?:packages|apps|scripts|docs|examples|bench|\.ci|\.github)\//.test(text) ||
    /^[\w-][\w.-]*\.(?:md|json|ya?ml|ts|mjs)$/.test(text)
  );
}

/**
 * Every package says first why it exists.
 *
 * @param {Repository} repository
 * @returns {readonly string[]}
 */
function checkPackageReadmes({ files }) {
  return [...files.keys()].flatMap((path) => {
    const folder = /^((?:packages|apps)\/[\w-]+)\/package\.json$/.exec(path)?.[1];
    if (folder === undefined) return [];
    const readme = files.get(`${folder}/README.md`);
    if (readme === undefined) return [`${folder}/README.md: expected a README, found none`];
    const starts = /^# .*\n+This package exists so /.test(readme);
    return starts ? [] : [`${folder}/README.md: expected a title and then "This package exists so ..."`];
  });
}

/**
 * @param {Repository} repository
 * @param {string} path
 * @param {string} text
 * @returns {readonly string[]}
 */
function checkLinks(repository, path, text) {
  return findAll(path, text, /\]\((?![a-z]+:|#)([^)#\s]+)/g)
    .filter(({ match }) => !hasPath(repository, posix.join(posix.dirname(path), match[1] ?? "")))
    .map(({ where, match }) => `${where}: expected a link to something that exists, found ${match[1]}`);
}
