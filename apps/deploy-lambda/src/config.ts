import type { AccountMapping } from "@windlass/account-mapping";
import { LambdaError } from "./lambda-error.ts";
import { LOG_LEVELS, type LogLevel } from "./log.ts";
import { parseSlice } from "./slice.ts";

/** What the Lambda is told by its environment. */
export interface Config {
  readonly area: string;
  readonly mapping: MappingSource;
  readonly stateBucket: string;
  readonly deployGroup: string;
  readonly logLevel: LogLevel;
  /** Replaces the endpoints of AWS; S3 is then addressed path-style. */
  readonly endpointUrl: string | null;
  readonly reports: ReportConfig;
}

/** Where reports go; null: not there. */
export interface ReportConfig {
  /** Name or ARN of the secret with the GitHub App's credentials. */
  readonly githubSecret: string | null;
  /** Replaces the mapping's `github.apiUrl`. */
  readonly githubApiUrl: string | null;
  /** ARNs of the topics. */
  readonly topics: Readonly<Record<"start" | "finished" | "error", string | null>>;
}

/** Where the area's slice of the account mapping is. */
export type MappingSource =
  | { readonly kind: "inline"; readonly slice: AccountMapping }
  | { readonly kind: "object"; readonly bucket: string; readonly key: string; readonly region: string };

export type Environment = Readonly<Record<string, string | undefined>>;

/** Lambda's whole environment is limited to 4 KB; the other variables need the rest. */
const INLINE_MAPPING_LIMIT = 3 * 1024;

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
/** Printable ASCII without colon: EC2 Auto Scaling's rule for group names. */
const GROUP = /^[!-9;-~]{1,255}$/;
const TOPIC = /^arn:[a-z0-9-]+:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/;
/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html, or an ARN. */
const SECRET = /^[A-Za-z0-9/_+=.@:-]{1,512}$/;
const MAPPING_OBJECT = /^s3:\/\/([^/]+)\/(.+)$/;

interface Variable<T> {
  readonly name: string;
  readonly expected: string;
  /** Undefined where the text is not what is expected. */
  readonly parse: (text: string) => T | undefined;
}

/**
 * Reads the environment. Throws one `LambdaError` (`configuration-invalid`) that names everything that is wrong with it.
 *
 * @example
 * ```ts
 * const config = loadConfig({ WINDLASS_AREA: "production", WINDLASS_MAPPING: "s3://acme-config/production.json", ... });
 * ```
 */
export function loadConfig(env: Environment): Config {
  const problems: string[] = [];
  const area = readRequired(env, AREA, problems);
  const stateBucket = readRequired(env, STATE_BUCKET, problems);
  const deployGroup = readRequired(env, DEPLOY_GROUP, problems);
  const logLevel = readOptional(env, LOG_LEVEL, problems);
  const endpointUrl = readOptional(env, ENDPOINT_URL, problems);
  const reports = readReports(env, problems);
  const mapping = readMapping(env, area, problems);

  const missing = area === undefined || stateBucket === undefined || deployGroup === undefined || mapping === undefined;
  if (missing || problems.length > 0) throw invalidConfiguration(problems);
  const others = { logLevel: logLevel ?? "info", endpointUrl: endpointUrl ?? null };
  return { area, mapping, stateBucket, deployGroup, ...others, reports };
}

function readReports(env: Environment, problems: string[]): ReportConfig {
  const topic = (name: string) =>
    readOptional(env, { name, expected: "the ARN of an SNS topic", parse: (text) => matching(TOPIC, text) }, problems);
  return {
    githubSecret: readOptional(env, GITHUB_SECRET, problems) ?? null,
    githubApiUrl: readOptional(env, GITHUB_API_URL, problems) ?? null,
    topics: {
      start: topic("WINDLASS_TOPIC_START") ?? null,
      finished: topic("WINDLASS_TOPIC_FINISHED") ?? null,
      error: topic("WINDLASS_TOPIC_ERROR") ?? null,
    },
  };
}

function matching(pattern: RegExp, text: string): string | undefined {
  return pattern.test(text) ? text : undefined;
}

const AREA: Variable<string> = {
  name: "WINDLASS_AREA",
  expected: "the name of an area, e.g. production",
  parse: (text) => text,
};

const STATE_BUCKET: Variable<string> = {
  name: "WINDLASS_STATE_BUCKET",
  expected: "the name of an S3 bucket",
  parse: (text) => matching(BUCKET, text),
};

const DEPLOY_GROUP: Variable<string> = {
  name: "WINDLASS_DEPLOY_GROUP",
  expected: "the name of an Auto Scaling group",
  parse: (text) => matching(GROUP, text),
};

const LOG_LEVEL: Variable<LogLevel> = {
  name: "LOG_LEVEL",
  expected: `one of ${LOG_LEVELS.join(", ")}`,
  parse: (text) => LOG_LEVELS.find((level) => level === text.toLowerCase()),
};

const ENDPOINT_URL: Variable<string> = {
  name: "AWS_ENDPOINT_URL",
  expected: "an http or https URL",
  parse: parseUrl,
};

const GITHUB_SECRET: Variable<string> = {
  name: "WINDLASS_GITHUB_SECRET",
  expected: "the name or ARN of a secret in Secrets Manager",
  parse: (text) => matching(SECRET, text),
};

const GITHUB_API_URL: Variable<string> = {
  name: "WINDLASS_GITHUB_API_URL",
  expected: "an http or https URL, e.g. https://github.example.com/api/v3",
  parse: (text) => parseUrl(text)?.replace(/\/+$/, ""),
};

/** Lambda always sets it; read only where the mapping, which knows the area's region, is itself to be fetched. */
const REGION: Variable<string> = {
  name: "AWS_REGION",
  expected: "the region of the mapping's bucket",
  parse: (text) => matching(/^[a-z0-9-]+$/, text),
};

function parseUrl(text: string): string | undefined {
  return URL.canParse(text) && /^https?:/.test(text) ? text : undefined;
}

/** An empty variable is one that somebody forgot to fill in: missing. */
function readRequired<T>(env: Environment, variable: Variable<T>, problems: string[]): T | undefined {
  if (env[variable.name]) return readOptional(env, variable, problems);
  problems.push(`${variable.name} is missing: expected ${variable.expected}`);
  return undefined;
}

function readOptional<T>(env: Environment, variable: Variable<T>, problems: string[]): T | undefined {
  const text = env[variable.name];
  if (!text) return undefined;
  const value = variable.parse(text);
  if (value === undefined) {
    problems.push(`${variable.name} is malformed: expected ${variable.expected}, found ${quote(text)}`);
  }
  return value;
}

function readMapping(env: Environment, area: string | undefined, problems: string[]): MappingSource | undefined {
  const name = "WINDLASS_MAPPING";
  const expected = "the area's slice of the account mapping as JSON, or s3://bucket/key";
  const text = env[name];
  if (!text) {
    problems.push(`${name} is missing: expected ${expected}`);
    return undefined;
  }
  if (text.startsWith("s3:")) {
    const [, bucket, key] = MAPPING_OBJECT.exec(text) ?? [];
    const region = readRequired(env, REGION, problems);
    if (bucket === undefined || key === undefined || !BUCKET.test(bucket)) {
      problems.push(`${name} is malformed: expected ${expected}, found ${quote(text)}`);
    } else if (region !== undefined) {
      return { kind: "object", bucket, key, region };
    }
    return undefined;
  }
  const size = Buffer.byteLength(text);
  if (size > INLINE_MAPPING_LIMIT) {
    problems.push(
      `${name} is oversized: expected at most ${INLINE_MAPPING_LIMIT} bytes, found ${size}; put it into S3 and say s3://bucket/key`,
    );
    return undefined;
  }
  const parsed = parseSlice(text, { area, where: name });
  if (parsed.kind === "slice") return { kind: "inline", slice: parsed.slice };
  problems.push(...parsed.problems);
  return undefined;
}

/** One error for all of them, so that one look at the log is enough to mend them all. */
export function invalidConfiguration(problems: readonly string[]): LambdaError {
  return new LambdaError({
    code: "configuration-invalid",
    message: `the configuration has ${problems.length === 1 ? "a problem" : `${problems.length} problems`}: ${problems.join("; ")}`,
    hint: "correct the function's environment variables",
  });
}

function quote(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}...` : text);
}
