import { type DestinationStream, type Logger, pino } from "pino";

export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
export type Log = Pick<Logger, "debug" | "info" | "warn" | "error">;

const CENSOR = "[redacted]";

/** Field names whose value is never for a log, at any depth that a log line of ours reaches. */
const SECRET_FIELDS = [
  "accessKeyId",
  "authorization",
  "Authorization",
  "credentials",
  "password",
  "privateKey",
  "secret",
  "secretAccessKey",
  "sessionToken",
  "token",
];

/** Secrets that hide in the middle of a text, such as the message of somebody else's error. */
const SECRET_TEXTS: readonly [RegExp, string][] = [
  // Presigned URLs: whoever has the query may read the object.
  [/(X-Amz-(?:Signature|Credential|Security-Token)=)[^&"\\\s]+/gi, `$1${CENSOR}`],
  [/(Signature=)[0-9a-f]{64}/g, `$1${CENSOR}`],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, CENSOR],
  // Installation tokens have no fixed length.
  [/\bgh[a-z]_[A-Za-z0-9_.-]{16,}/g, CENSOR],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|(?="))/gs, CENSOR],
];

/** A logger that writes one JSON object a line: static messages, data in fields, secrets taken out. */
export function createLog(level: LogLevel, destination?: DestinationStream): Log {
  return pino(
    {
      level,
      base: null,
      messageKey: "message",
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: serializeError },
      redact: { paths: SECRET_FIELDS.flatMap((field) => depths(field)), censor: CENSOR },
      hooks: { streamWrite: redactText },
    },
    destination ?? pino.destination({ dest: 1, sync: true }),
  );
}

function depths(field: string): readonly string[] {
  return [field, `*.${field}`, `*.*.${field}`, `*.*.*.${field}`];
}

/** Takes out what only its shape gives away. */
export function redactText(text: string): string {
  return SECRET_TEXTS.reduce((redacted, [pattern, replacement]) => redacted.replace(pattern, replacement), text);
}

/** Only what is known to be harmless: the SDK hangs whole requests and responses, headers included, on its errors. */
function serializeError(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error && typeof error.code === "string" ? { code: error.code } : {};
  const cause = error.cause === undefined ? {} : { cause: serializeError(error.cause) };
  return { name: error.name, ...code, message: error.message, stack: error.stack, ...cause };
}
