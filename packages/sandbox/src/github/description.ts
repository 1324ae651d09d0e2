import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import { githubDescription } from "./github-description.ts";

interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required: boolean;
  readonly schema: object;
}

interface DescribedOperation {
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly body: object | null;
  readonly responses: Readonly<Record<string, object | null>>;
}

interface Described {
  readonly operations: Readonly<Record<string, DescribedOperation>>;
  readonly schemas: Readonly<Record<string, object>>;
}

export interface MatchedOperation {
  readonly name: string;
  /** Decoded. */
  readonly path: Readonly<Record<string, string>>;
}

/** GitHub's own description of its API, held against what is asked and answered. */
export interface Description {
  match(method: string, path: string): MatchedOperation | null;
  /** What a request has that GitHub does not know, or lacks. */
  checkRequest(name: string, query: URLSearchParams, body: unknown): readonly string[];
  /** What an answer has that GitHub would not say, or lacks. */
  checkResponse(name: string, status: number, body: unknown): readonly string[];
}

/** Reads the description; its parts are compiled when they are asked for. */
export function openDescription(): Description {
  const { operations, schemas } = JSON.parse(githubDescription) as Described;
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  ajv.addSchema({ $id: "github", schemas });
  const compiled = new Map<string, ValidateFunction>();
  const paths = Object.entries(operations).map(([name, { method, path }]) => ({
    name,
    method,
    pattern: toPattern(path),
  }));

  function validator(key: string, schema: object): ValidateFunction {
    const known = compiled.get(key);
    if (known !== undefined) return known;
    // References are relative to the document that holds all schemas.
    const fresh = ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/schemas/', '"github#/schemas/')));
    compiled.set(key, fresh);
    return fresh;
  }

  function check(key: string, schema: object, value: unknown): readonly string[] {
    const validate = validator(key, schema);
    return validate(value) ? [] : (validate.errors ?? []).map(describe);
  }

  return {
    match(method, path) {
      for (const { name, method: own, pattern } of paths) {
        const found = own === method ? pattern.exec(path) : null;
        if (found !== null) return { name, path: decode(found.groups ?? {}) };
      }
      return null;
    },
    checkRequest(name, query, body) {
      const operation = operations[name];
      if (operation === undefined) return [];
      const known = checkQuery(operation, query, (parameter, value) =>
        check(`${name} ${parameter.name}`, parameter.schema, value),
      );
      if (operation.body === null) return [...known, ...(isEmpty(body) ? [] : ["body: none is expected"])];
      return [...known, ...check(`${name} body`, closed(operation.body), body)];
    },
    checkResponse(name, status, body) {
      const responses = operations[name]?.responses ?? {};
      const schema = responses[String(status)];
      // Errors that it does not list all look alike.
      if (schema === undefined || schema === null) return status >= 300 ? [] : [`status ${status} is not described`];
      return check(`${name} ${status}`, schema, body);
    },
  };
}

function checkQuery(
  { parameters }: DescribedOperation,
  query: URLSearchParams,
  check: (parameter: Parameter, value: unknown) => readonly string[],
): readonly string[] {
  const problems: string[] = [];
  for (const [name, text] of query) {
    const parameter = parameters.find((one) => one.in === "query" && one.name === name);
    if (parameter === undefined) problems.push(`query ${name}: is not known`);
    else
      problems.push(
        ...check(parameter, fromText(parameter.schema, text)).map((problem) => `query ${name}: ${problem}`),
      );
  }
  return problems;
}

/** GitHub ignores members that it does not know; a client that sends one has mistyped it. */
function closed(schema: object): object {
  return "properties" in schema && !("additionalProperties" in schema)
    ? { ...schema, additionalProperties: false }
    : schema;
}

function fromText(schema: object, text: string): unknown {
  return "type" in schema && schema.type === "integer" && /^\d+$/.test(text) ? Number(text) : text;
}

/** `/repos/{owner}/{repo}` as a pattern with groups of these names. */
function toPattern(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`);
}

function decode(groups: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]));
}

function isEmpty(body: unknown): boolean {
  return body === undefined || (typeof body === "object" && body !== null && Object.keys(body).length === 0);
}

function describe({ instancePath, message, params }: ErrorObject): string {
  const detail = "additionalProperty" in params ? ` (${String(params["additionalProperty"])})` : "";
  return `${instancePath === "" ? "body" : instancePath}: ${message ?? "is wrong"}${detail}`;
}
