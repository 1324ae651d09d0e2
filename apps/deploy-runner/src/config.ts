import { type DeploymentId, deploymentIdSchema } from "@windlass/deployment";
import * as z from "zod";
import type { ContainerProgram } from "./container/container-cli.ts";
import type { RunTimings } from "./ports.ts";
import { RunnerError } from "./runner-error.ts";

/** All that the runner takes from its environment. */
export interface Config {
  readonly area: string;
  readonly account: string;
  readonly region: string;
  readonly stateBucket: string;
  readonly deployGroup: string;
  readonly workDirectory: string;
  readonly engine: EngineConfig;
  /** ARN of the role that Terraform works with; null: the runner's own credentials. */
  readonly applyRole: string | null;
  /** Null: asked of instance metadata. */
  readonly instance: string | null;
  readonly deployment: DeploymentId | null;
  readonly metadataEndpoint: string;
  /** Another endpoint than AWS's; null on AWS. */
  readonly endpointUrl: string | null;
  readonly logLevel: LogLevel;
  readonly timings: RunTimings;
  /** Values that are never to be shown. */
  readonly secrets: readonly string[];
}

/** Where Terraform runs. */
export type EngineConfig =
  | {
      readonly kind: "directory";
      readonly modules: string;
      /** Whether a digest without a module of its own gets the default one. */
      readonly allowDefault: boolean;
      /** Path of Terraform; null: looked for on the PATH. */
      readonly program: string | null;
      /** What Terraform inherits. */
      readonly environment: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: ContainerProgram;
      /** What the engine's own program inherits: no credentials. */
      readonly environment: Readonly<Record<string, string>>;
    };

const logLevelSchema = z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]);
export type LogLevel = z.infer<typeof logLevelSchema>;

type Environment = Readonly<Record<string, string | undefined>>;

const text = z.string({ error: "is not set" }).min(1, { error: "is empty", abort: true });
const url = text.refine((value) => URL.canParse(value), "expected a URL");

function seconds(byDefault: number) {
  return z.coerce.number("expected seconds").positive("expected seconds above 0").max(86_400).default(byDefault);
}

/** The age by S3's clock at which the Lambda takes a lease for expired; Terraform must surely have ended before. */
const LEASE_EXPIRY_SECONDS = 300;

const environmentSchema = z
  .object({
    WINDLASS_AREA: text,
    WINDLASS_ACCOUNT: text.regex(/^\d{12}$/, "expected 12 digits"),
    AWS_REGION: text.regex(/^[a-z]{2,}(?:-[a-z]+)+-\d+$/, "expected a Region such as eu-north-1"),
    WINDLASS_STATE_BUCKET: text.regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "expected the name of an S3 bucket"),
    WINDLASS_DEPLOY_GROUP: text,
    WINDLASS_WORK_DIRECTORY: text.startsWith("/", "expected an absolute path"),
    WINDLASS_ENGINE: z.enum(["docker", "podman", "directory"], { error: "expected docker, podman or directory" }),
    WINDLASS_APPLY_ROLE: text
      .regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/, "expected the ARN of a role")
      .optional(),
    WINDLASS_MODULES: text.startsWith("/", "expected an absolute path").optional(),
    WINDLASS_ALLOW_DEFAULT_MODULE: z.enum(["0", "1"], { error: "expected 0 or 1" }).default("0"),
    WINDLASS_TERRAFORM: text.startsWith("/", "expected an absolute path").optional(),
    WINDLASS_INSTANCE: text.regex(/^i-[0-9a-f]+$/, "expected an instance id").optional(),
    WINDLASS_DEPLOYMENT: deploymentIdSchema.optional(),
    AWS_EC2_METADATA_SERVICE_ENDPOINT: url.default("http://169.254.169.254"),
    AWS_ENDPOINT_URL: url.optional(),
    LOG_LEVEL: logLevelSchema.default("info"),
    WINDLASS_LEASE_SECONDS: seconds(20),
    WINDLASS_FENCE_SECONDS: seconds(180),
    WINDLASS_GRACE_SECONDS: seconds(300),
    WINDLASS_URGENT_GRACE_SECONDS: seconds(75),
    WINDLASS_KILL_SECONDS: seconds(15),
    WINDLASS_START_UP_SECONDS: seconds(300),
    WINDLASS_SAVING_SECONDS: seconds(600),
    WINDLASS_RETIRE_SECONDS: seconds(120),
    WINDLASS_LOCK_SECONDS: seconds(60),
    WINDLASS_LOG_SECONDS: seconds(4),
  })
  .refine((env) => env.WINDLASS_LEASE_SECONDS < env.WINDLASS_FENCE_SECONDS, {
    path: ["WINDLASS_FENCE_SECONDS"],
    message: "expected more than WINDLASS_LEASE_SECONDS",
  })
  .superRefine((env, context) => {
    // Containers never get the instance's own credentials, so they need a role.
    const needed = env.WINDLASS_ENGINE === "directory" ? "WINDLASS_MODULES" : "WINDLASS_APPLY_ROLE";
    if (env[needed] !== undefined) return;
    context.addIssue({ code: "custom", path: [needed], message: `is not set, and ${env.WINDLASS_ENGINE} needs it` });
  })
  // Terraform in a directory has the runner's own credentials: nobody shall believe that it has others.
  .refine((env) => env.WINDLASS_ENGINE !== "directory" || env.WINDLASS_APPLY_ROLE === undefined, {
    path: ["WINDLASS_APPLY_ROLE"],
    message: "expected none with the directory engine, whose Terraform has the runner's own credentials",
  })
  .superRefine((env, context) => {
    const longest = env.WINDLASS_FENCE_SECONDS + env.WINDLASS_URGENT_GRACE_SECONDS + env.WINDLASS_KILL_SECONDS;
    if (longest < LEASE_EXPIRY_SECONDS) return;
    const message = `expected less than ${LEASE_EXPIRY_SECONDS} s together with WINDLASS_URGENT_GRACE_SECONDS and WINDLASS_KILL_SECONDS, since the Lambda takes the lease for expired then: they make ${longest} s`;
    context.addIssue({ code: "custom", path: ["WINDLASS_FENCE_SECONDS"], message });
  });
type Parsed = z.infer<typeof environmentSchema>;

/** The runner's environment, read once. */
export function readEnvironment(): Environment {
  // biome-ignore lint/style/noProcessEnv: the one place that reads it.
  return process.env;
}

/** Throws `RunnerError` `config-invalid` that names every problem at once. */
export function loadConfig(environment: Environment): Config {
  const parsed = environmentSchema.safeParse(environment);
  if (!parsed.success) throw configInvalid(parsed.error.issues, environment);
  const env = parsed.data;
  return {
    area: env.WINDLASS_AREA,
    account: env.WINDLASS_ACCOUNT,
    region: env.AWS_REGION,
    stateBucket: env.WINDLASS_STATE_BUCKET,
    deployGroup: env.WINDLASS_DEPLOY_GROUP,
    workDirectory: env.WINDLASS_WORK_DIRECTORY,
    engine: toEngine(env, environment),
    applyRole: env.WINDLASS_APPLY_ROLE ?? null,
    instance: env.WINDLASS_INSTANCE ?? null,
    deployment: env.WINDLASS_DEPLOYMENT ?? null,
    metadataEndpoint: env.AWS_EC2_METADATA_SERVICE_ENDPOINT,
    endpointUrl: env.AWS_ENDPOINT_URL ?? null,
    logLevel: env.LOG_LEVEL,
    timings: toTimings(env),
    secrets: [environment["AWS_SECRET_ACCESS_KEY"], environment["AWS_SESSION_TOKEN"]].filter(
      (value) => value !== undefined,
    ),
  };
}

function toEngine(env: Parsed, environment: Environment): EngineConfig {
  if (env.WINDLASS_ENGINE !== "directory") {
    return { kind: env.WINDLASS_ENGINE, environment: forContainerEngine(environment) };
  }
  return {
    kind: "directory",
    modules: env.WINDLASS_MODULES ?? "",
    allowDefault: env.WINDLASS_ALLOW_DEFAULT_MODULE === "1",
    program: env.WINDLASS_TERRAFORM ?? null,
    environment: forTerraform(environment),
  };
}

function toTimings(env: Parsed): RunTimings {
  return {
    lease: env.WINDLASS_LEASE_SECONDS,
    fence: env.WINDLASS_FENCE_SECONDS,
    grace: env.WINDLASS_GRACE_SECONDS,
    urgentGrace: env.WINDLASS_URGENT_GRACE_SECONDS,
    kill: env.WINDLASS_KILL_SECONDS,
    startUp: env.WINDLASS_START_UP_SECONDS,
    saving: env.WINDLASS_SAVING_SECONDS,
    retire: env.WINDLASS_RETIRE_SECONDS,
    lock: env.WINDLASS_LOCK_SECONDS,
    log: env.WINDLASS_LOG_SECONDS,
  };
}

/**
 * Terraform's variables and switches come from the assignment alone. Above all `TF_LOG` stays out: at level DEBUG it
 * prints requests with what they carry. And what is meant for this Node is not meant for one that a module starts.
 */
function forTerraform(environment: Environment): Readonly<Record<string, string>> {
  return pick(environment, /^(?!TF_|NODE_OPTIONS$)|^TF_(?:CLI_CONFIG_FILE|PLUGIN_CACHE_DIR)$/);
}

/** Where its configuration and its service are, and how it reaches the registry; above all no credentials. */
function forContainerEngine(environment: Environment): Readonly<Record<string, string>> {
  return pick(
    environment,
    /^(?:PATH|HOME|TMPDIR|XDG_\w+|CONTAINERS?_\w+|DOCKER_(?:HOST|CONTEXT|API_VERSION|CERT_PATH|TLS|TLS_VERIFY)|(?:HTTPS?|NO)_PROXY|(?:https?|no)_proxy)$/,
  );
}

function pick(environment: Environment, kept: RegExp): Readonly<Record<string, string>> {
  const entries = Object.entries(environment).filter(([name]) => kept.test(name));
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

function configInvalid(issues: readonly z.core.$ZodIssue[], environment: Environment): RunnerError {
  const problems = issues.map((issue) => {
    const name = String(issue.path[0]);
    const found = environment[name];
    return `\n  ${name}: ${issue.message}${found === undefined || found === "" ? "" : `, found "${found}"`}`;
  });
  return new RunnerError({
    code: "config-invalid",
    message: `the runner's environment has ${problems.length === 1 ? "a problem" : `${problems.length} problems`}:${problems.join("")}`,
  });
}
