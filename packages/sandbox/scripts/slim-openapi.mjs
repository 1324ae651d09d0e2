// Cuts GitHub's OpenAPI description down to what the sandbox plays, and writes it as a module: run again, it changes nothing.
//   node packages/sandbox/scripts/slim-openapi.mjs
// needs npm and tar, and some 400 MB of room for a moment. The description is GitHub's own, MIT licensed.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const PACKAGE = "@octokit/openapi@23.0.2";
const FILE = "package/generated/api.github.com.json";
const TARGET = fileURLToPath(new URL("../src/github/github-description.ts", import.meta.url));

/** What the sandbox plays; each has its line in `src/github/operations.ts`. */
const OPERATIONS = [
  "apps/create-installation-access-token",
  "apps/get-authenticated",
  "apps/get-org-installation",
  "apps/get-repo-installation",
  "apps/list-repos-accessible-to-installation",
  "checks/create",
  "checks/list-for-ref",
  "checks/update",
  "issues/add-labels",
  "issues/create",
  "issues/create-comment",
  "issues/get",
  "issues/list-comments",
  "issues/list-for-repo",
  "issues/update",
  "meta/get",
  "rate-limit/get",
  "repos/create-deployment",
  "repos/create-deployment-status",
  "repos/get",
  "repos/get-commit",
  "repos/list-deployment-statuses",
  "repos/list-deployments",
];

/** Prose, and what says nothing about the shape of a value. */
const DROPPED = new Set(["description", "example", "examples", "externalDocs", "summary", "title", "deprecated"]);

/** @typedef {Record<string, unknown>} Json */

main();

function main() {
  const folder = mkdtempSync(join(tmpdir(), "windlass-openapi-"));
  try {
    const description = fetchDescription(folder);
    const slim = { source: PACKAGE, ...slimDescription(description) };
    writeFileSync(TARGET, toModule(slim));
    process.stdout.write(
      `${Object.keys(slim.operations).length} operations, ${Object.keys(slim.schemas).length} schemas\n`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string} folder */
function fetchDescription(folder) {
  const archive = execFileSync("npm", ["pack", PACKAGE, "--silent"], { cwd: folder, encoding: "utf8" }).trim();
  execFileSync("tar", ["xzf", archive, FILE], { cwd: folder });
  return /** @type {any} */ (JSON.parse(readFileSync(join(folder, FILE), "utf8")));
}

/** @param {any} description */
function slimDescription(description) {
  /** @type {Json} */
  const operations = {};
  for (const [path, methods] of Object.entries(description.paths)) {
    for (const [method, operation] of Object.entries(/** @type {Record<string, any>} */ (methods))) {
      if (!OPERATIONS.includes(operation.operationId)) continue;
      operations[operation.operationId] = slimOperation(description, { method: method.toUpperCase(), path, operation });
    }
  }
  const missing = OPERATIONS.filter((name) => operations[name] === undefined);
  if (missing.length > 0) throw new Error(`not in the description: ${missing.join(", ")}`);
  return { operations: sortKeys(operations), schemas: sortKeys(reachableSchemas(description, operations)) };
}

/**
 * @param {any} description
 * @param {{ method: string, path: string, operation: any }} found
 */
function slimOperation(description, { method, path, operation }) {
  const parameters = (operation.parameters ?? []).map((/** @type {any} */ one) => {
    const { name, in: place, required = false, schema } = resolve(description, one);
    return { name, in: place, required, schema: slimSchema(schema) };
  });
  const content = operation.requestBody?.content?.["application/json"];
  const responses = Object.entries(operation.responses).map(([status, one]) => {
    const schema = resolve(description, one).content?.["application/json"]?.schema;
    return [status, schema === undefined ? null : slimSchema(schema)];
  });
  const body = content === undefined ? null : slimSchema(content.schema);
  return { method, path, parameters, body, responses: Object.fromEntries(responses) };
}

/**
 * @param {any} description
 * @param {any} value
 */
function resolve(description, value) {
  if (value.$ref === undefined) return value;
  return value.$ref
    .slice(2)
    .split("/")
    .reduce((/** @type {any} */ node, /** @type {string} */ key) => node[key], description);
}

/**
 * All schemas that the operations name, and those that these name.
 *
 * @param {any} description
 * @param {Json} operations
 */
function reachableSchemas(description, operations) {
  /** @type {Json} */
  const schemas = {};
  const queue = referencesIn(operations);
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (schemas[name] !== undefined) continue;
    schemas[name] = slimSchema(description.components.schemas[name]);
    queue.push(...referencesIn(schemas[name]));
  }
  return schemas;
}

/**
 * @param {unknown} value
 * @returns {string[]}
 */
function referencesIn(value) {
  return [...JSON.stringify(value).matchAll(/"\$ref":"#\/schemas\/([^"]+)"/g)].map(([, name]) => name ?? "");
}

/**
 * As JSON Schema has it: OpenAPI 3.0's `nullable` becomes a type of its own.
 *
 * @param {any} schema
 * @returns {any}
 */
function slimSchema(schema) {
  if (Array.isArray(schema)) return schema.map(slimSchema);
  if (typeof schema !== "object" || schema === null) return schema;
  const { nullable, ...rest } = schema;
  const kept = Object.entries(rest)
    .filter(([key]) => !isDropped(key))
    .map(([key, value]) => [key, key === "$ref" ? value.replace("#/components", "#") : slimMember(key, value)]);
  const slim = Object.fromEntries(kept);
  if (nullable !== true) return slim;
  if (typeof slim.type !== "string") return { anyOf: [slim, { type: "null" }] };
  return { ...slim, type: [slim.type, "null"], ...(slim.enum === undefined ? {} : { enum: [...slim.enum, null] }) };
}

/**
 * The names of properties are not keywords: one may be called `description`.
 *
 * @param {string} key
 * @param {any} value
 */
function slimMember(key, value) {
  if (key !== "properties")
    return key === "enum" || key === "required" || key === "default" ? value : slimSchema(value);
  return Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, slimSchema(schema)]));
}

/**
 * @param {string} key
 */
function isDropped(key) {
  return key.startsWith("x-") || DROPPED.has(key);
}

/** @param {Json} object */
function sortKeys(object) {
  return Object.fromEntries(Object.entries(object).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** @param {unknown} slim */
function toModule(slim) {
  const text = JSON.stringify(slim).replaceAll("\\", "\\\\").replaceAll("'", "\\'");
  return [
    `// Made from ${PACKAGE} by scripts/slim-openapi.mjs; do not edit.`,
    "",
    "/** GitHub's description of what the sandbox plays of it, as JSON. */",
    `export const githubDescription =\n  '${text}';`,
    "",
  ].join("\n");
}
