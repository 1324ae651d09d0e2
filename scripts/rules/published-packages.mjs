// What is published can be installed and understood on its own. A workspace folder is published unless it is private.
import { basename } from "node:path";

/** @typedef {import("../repository.mjs").Repository} Repository */

const REPOSITORY = "git+https://github.com/windlass-deploy/windlass.git";

/** The room that tries every tarball. */
const ROOM = "apps/tarballs";

/** attw has nothing to look at in a program: nobody imports it. */
const LINTS = { library: "publint --strict && attw --pack . --profile esm-only", program: "publint --strict" };

/**
 * @typedef {object} Manifest
 * @property {string} [name]
 * @property {string} [version]
 * @property {string} [description]
 * @property {boolean} [private]
 * @property {string} [license]
 * @property {Readonly<Record<string, string>>} [bin]
 * @property {Readonly<Record<string, string>>} [engines]
 * @property {Readonly<Record<string, string>>} [scripts]
 * @property {Readonly<Record<string, string>>} [dependencies]
 * @property {Readonly<Record<string, string>>} [devDependencies]
 * @property {readonly string[]} [files]
 * @property {unknown} [exports]
 * @property {unknown} [repository]
 * @property {unknown} [publishConfig]
 */

/**
 * @param {Repository} repository
 * @returns {readonly string[]}
 */
export function checkPublishedPackages({ files }) {
  const room = readManifest(files, `${ROOM}/package.json`).devDependencies ?? {};
  return [...files.keys()].flatMap((path) => {
    const folder = /^((?:packages|apps)\/[\w-]+)\/package\.json$/.exec(path)?.[1];
    if (folder === undefined) return [];
    const manifest = readManifest(files, path);
    const readme = files.get(`${folder}/README.md`) ?? "";
    return manifest.private === true
      ? checkPrivate(folder, readme)
      : [
          ...checkFields(folder, manifest),
          ...checkReadme(folder, manifest, readme),
          ...checkRoom(path, manifest, room),
        ];
  });
}

/**
 * Packages are published by default: one that is not says so to whoever looks for it.
 *
 * @param {string} folder
 * @param {string} readme
 * @returns {readonly string[]}
 */
function checkPrivate(folder, readme) {
  if (!folder.startsWith("packages/") || readme.includes("never published")) return [];
  return [`${folder}/README.md: expected a private package to say that it is never published, and why`];
}

/**
 * @param {string} folder
 * @param {Manifest} manifest
 * @returns {readonly string[]}
 */
function checkFields(folder, manifest) {
  const isProgram = manifest.bin !== undefined;
  const wanted = {
    name: `@windlass/${basename(folder)}`,
    license: "Apache-2.0",
    repository: { type: "git", url: REPOSITORY, directory: folder },
    "engines.node": ">=20.19",
    "files[0]": "dist",
    "exports package.json": "./package.json",
    publishConfig: { access: "public", provenance: true },
    "scripts.lint:pkg": isProgram ? LINTS.program : LINTS.library,
    // Everything is in a program's bundle already.
    ...(isProgram ? { dependencies: undefined } : {}),
  };
  const exported = /** @type {Readonly<Record<string, unknown>>} */ (manifest.exports ?? {});
  /** @type {Readonly<Record<string, unknown>>} */
  const found = {
    ...manifest,
    "engines.node": manifest.engines?.["node"],
    "files[0]": manifest.files?.[0],
    "exports package.json": exported["./package.json"],
    "scripts.lint:pkg": manifest.scripts?.["lint:pkg"],
  };
  return Object.entries(wanted)
    .filter(([field, value]) => JSON.stringify(found[field]) !== JSON.stringify(value))
    .map(([field, value]) => {
      const problem = `expected ${field} ${JSON.stringify(value)} in what is published`;
      return `${folder}/package.json: ${problem}, found ${JSON.stringify(found[field])}`;
    });
}

/**
 * @param {string} folder
 * @param {Manifest} manifest
 * @param {string} readme
 * @returns {readonly string[]}
 */
function checkReadme(folder, manifest, readme) {
  if (manifest.bin !== undefined || /^```ts$/m.test(readme)) return [];
  return [`${folder}/README.md: expected an example in a block of ts, found none`];
}

/**
 * @param {string} path
 * @param {Manifest} manifest
 * @param {Readonly<Record<string, string>>} room
 * @returns {readonly string[]}
 */
function checkRoom(path, { name = "" }, room) {
  if (room[name] !== undefined) return [];
  return [`${path}: expected ${ROOM}/package.json to have ${name} in devDependencies, so that its tarball is tried`];
}

/**
 * @param {ReadonlyMap<string, string>} files
 * @param {string} path
 * @returns {Manifest}
 */
function readManifest(files, path) {
  return JSON.parse(files.get(path) ?? "{}");
}
