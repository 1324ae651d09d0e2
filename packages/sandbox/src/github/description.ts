import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import { percentDecode } from "../core/percent-decode.ts";
import { githubDescription } from "./github-description.ts";
import { findUnknownMembers, type Schema } from "./unknown-members.ts";

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
  readonly body: Schema | null;
  readonly responses: Readonly<Record<string, object | null>>;
}

interface Described {
  readonly operations: Readonly<Record<string, DescribedOperation>>;
  readonly schemas: Readonly<Record<string, Schema>>;
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
  checkRequest(matched: MatchedOperation, query: URLSearchParams, body: unknown): readonly string[];
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
        const parameters = found === null ? null : decode(found.groups ?? {});
        if (parameters !== null) return { name, path: parameters };
      }
      return null;
    },
    checkRequest({ name, path }, query, body) {
      const operation = operations[name];
      if (operation === undefined) return [];
      const problems = operation.parameters.flatMap((parameter) => {
        const text = parameter.in === "path" ? path[parameter.name] : query.get(parameter.name);
        if (text === null || text === undefined) return [];
        const value = fromText(parameter.schema, text);
        return check(`${name} ${parameter.name}`, parameter.schema, value).map(
          (problem) => `${parameter.in} ${parameter.name}: ${problem}`,
        );
      });
      const all = [...problems, ...findParameterProblems(operation, query)];
      if (operation.body === null) return [...all, ...(isEmpty(body) ? [] : ["body: none is expected"])];
      const unknown = findUnknownMembers(operation.body, body, schemas).map((member) => `${member}: is not known`);
      return [...all, ...check(`${name} body`, operation.body, body), ...unknown];
    },
    checkResponse(name, status, body) {
      const schema = operations[name]?.responses[String(status)];
      if (schema !== undefined && schema !== null) return check(`${name} ${status}`, schema, body);
      // Most errors are in no operation's list, and all of them look alike.
      return status >= 300 ? check("error", ERROR, body) : [`status ${status} is not described`];
    },
  };
}

/** https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api */
const ERROR = {
  type: "object",
  required: ["message", "documentation_url", "status"],
  properties: {
    message: { type: "string" },
    documentation_url: { type: "string" },
    status: { type: "string" },
    errors: { type: "array" },
    url: { type: "string" },
  },
  additionalProperties: false,
};

function findParameterProblems({ parameters }: DescribedOperation, query: URLSearchParams): readonly string[] {
  const known = parameters.filter((one) => one.in === "query");
  const names = known.map(({ name }) => name);
  const unknown = [...query.keys()].filter((name) => !names.includes(name));
  const missing = known.filter(({ name, required }) => required && !query.has(name));
  return [
    ...unknown.map((name) => `query ${name}: is not known`),
    ...missing.map(({ name }) => `query ${name}: is missing`),
  ];
}

function fromText(schema: object, text: string): unknown {
  return "type" in schema && schema.type === "integer" && /^\d+$/.test(text) ? Number(text) : text;
}

/** `/repos/{owner}/{repo}` as a pattern with groups of these names; a parameter may hold anything but a slash. */
function toPattern(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`);
}

/** Null where the path is not well encoded: such an operation there is not. */
function decode(groups: Readonly<Record<string, string>>): Readonly<Record<string, string>> | null {
  const decoded: Record<string, string> = {};
  for (const [name, value] of Object.entries(groups)) {
    const text = percentDecode(value);
    if (text === null) return null;
    decoded[name] = text;
  }
  return decoded;
}

function isEmpty(body: unknown): boolean {
  return body === undefined || (typeof body === "object" && body !== null && Object.keys(body).length === 0);
}

function describe({ instancePath, message }: ErrorObject): string {
  return `${instancePath === "" ? "it" : instancePath} ${message ?? "is wrong"}`;
}
