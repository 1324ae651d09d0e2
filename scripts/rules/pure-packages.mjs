// Pure packages do no I/O and read neither clock nor environment: the same input gives the same decision.
import { findAll } from "../repository.mjs";

/** @typedef {import("../repository.mjs").Repository} Repository */

export const PURE_PACKAGES = [
  "account-mapping",
  "area-view",
  "deployment",
  "instance-boot",
  "isolation",
  "redaction",
  "windlass-error",
];

/** Modules from elsewhere that were looked at and found to be pure. */
const PURE_DEPENDENCIES = new Set(["node:util", "temporal-polyfill", "yaml", "zod"]);

const IMPURE =
  /\b(?:process|Date\.now|Math\.random|Temporal\.Now|performance|crypto|console|fetch|setTimeout|setInterval|setImmediate|globalThis)\b|\bnew Date\(\s*\)/g;
const IMPORTS = /(?:\bfrom\s+|\bimport\s*\(?\s*)["']([^"'\n]+)["']/g;

/**
 * @param {Repository} repository
 * @returns {readonly string[]}
 */
export function checkPurePackages({ files }) {
  return PURE_PACKAGES.flatMap((name) => [
    ...checkDependencies(files, `packages/${name}`),
    ...[...files]
      .filter(([path]) => isProductSource(path, `packages/${name}/src/`))
      .flatMap(([path, text]) => checkSource(path, withoutComments(text))),
  ]);
}

/**
 * @param {ReadonlyMap<string, string>} files
 * @param {string} folder
 * @returns {readonly string[]}
 */
function checkDependencies(files, folder) {
  const path = `${folder}/package.json`;
  const manifest = JSON.parse(files.get(path) ?? "{}");
  const names = Object.keys({
    ...manifest.dependencies,
    ...manifest.peerDependencies,
    ...manifest.optionalDependencies,
  });
  const problems = names
    .filter((name) => !isPure(name))
    .map((name) => `${path}: expected only pure dependencies in a pure package, found ${name}`);
  const tests = files.get(`${folder}/vitest.config.ts`) ?? "";
  if (!/\bpure: true\b/.test(tests))
    problems.push(`${folder}/vitest.config.ts: expected pure: true for a pure package`);
  return problems;
}

/**
 * @param {string} path
 * @param {string} text without comments
 * @returns {readonly string[]}
 */
function checkSource(path, text) {
  const imports = findAll(path, text, IMPORTS)
    .map(({ where, match }) => ({ where, name: match[1] ?? "" }))
    .filter(({ name }) => !name.startsWith("./") && !name.startsWith("../") && !isPure(packageOf(name)))
    .map(({ where, name }) => `${where}: expected only pure imports in a pure package, found ${name}`);
  const effects = findAll(path, withoutStrings(text), IMPURE).map(
    ({ where, match }) => `${where}: a pure package takes the value as an argument, found ${match[0]}`,
  );
  return [...imports, ...effects];
}

/** @param {string} name */
function isPure(name) {
  return PURE_DEPENDENCIES.has(name) || PURE_PACKAGES.some((pure) => name === `@windlass/${pure}`);
}

/** @param {string} specifier */
function packageOf(specifier) {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

/**
 * @param {string} path
 * @param {string} folder
 */
function isProductSource(path, folder) {
  return path.startsWith(folder) && path.endsWith(".ts") && !path.endsWith(".test.ts") && !path.includes("/testing/");
}

/** @param {string} text */
function withoutComments(text) {
  return text.replace(/"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|\/\/.*|\/\*[\s\S]*?\*\//g, (token) =>
    token.startsWith("/") ? token.replace(/[^\n]/g, " ") : token,
  );
}

/** @param {string} text */
function withoutStrings(text) {
  return text.replace(/"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g, '""');
}
