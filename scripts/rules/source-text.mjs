import { findAll } from "../repository.mjs";

/** @typedef {import("../repository.mjs").Repository} Repository */

const LONGEST_SOURCE = 300;
/** Tests are read one at a time. */
const LONGEST_TEST = 500;

/** Its examples are what is forbidden. */
const RULES_TEST = "scripts/test/rules.test.ts";

/** @type {readonly { readonly pattern: RegExp, readonly problem: string, readonly only: RegExp }[]} */
const FORBIDDEN = [
  {
    pattern: /\bvi\.(?:mock|doMock|stubGlobal)\b/g,
    problem: "use a fake or the sandbox, not a module mock",
    only: /\.ts$/,
  },
  { pattern: /\b(?:it|test|describe)\.only\b/g, problem: "a test that shuts the others out", only: /\.ts$/ },
  { pattern: /^export \* from/gm, problem: "name what is exported", only: /\.ts$/ },
  { pattern: /\b(?:TO[D]O|FIX[M]E)\b/g, problem: "do it, or open an issue", only: /\.(?:ts|mjs|md|ya?ml)$/ },
  {
    pattern: /(?<![\w.$}/-])\/(?:work|root|home|Users|tmp)\/[\w.-]+/g,
    problem: "a path of one machine",
    only: /./,
  },
  { pattern: /\bshared\/(?:[A-Z]{3}|reference)/g, problem: "a path outside this repository", only: /./ },
];

/**
 * @param {Repository} repository
 * @returns {readonly string[]}
 */
export function checkSourceText({ files }) {
  return [...files].flatMap(([path, text]) => [...checkLength(path, text), ...checkWords(path, text)]);
}

/**
 * @param {string} path
 * @param {string} text
 * @returns {readonly string[]}
 */
function checkLength(path, text) {
  if (!/\.(?:tsx?|mjs)$/.test(path)) return [];
  const lines = text.split("\n").length - 1;
  const longest = /\.test\.ts$|\/(?:test|testing)\//.test(path) ? LONGEST_TEST : LONGEST_SOURCE;
  return lines > longest ? [`${path}: expected at most ${longest} lines, found ${lines}`] : [];
}

/**
 * @param {string} path
 * @param {string} text
 * @returns {readonly string[]}
 */
function checkWords(path, text) {
  if (path === RULES_TEST) return [];
  return FORBIDDEN.filter(({ only }) => only.test(path)).flatMap(({ pattern, problem }) =>
    findAll(path, text, pattern).map(({ where, match }) => `${where}: ${problem}: ${match[0]}`),
  );
}
