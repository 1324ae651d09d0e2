import { redactText } from "@windlass/redaction";
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

/** Written at once: a function that is frozen after its answer would keep back what is still to be written. */
export function standardOutput(): DestinationStream {
  return pino.destination({ dest: 1, sync: true });
}

/** A logger that writes one JSON object a line: static messages, data in fields, secrets taken out. */
export function createLog(level: LogLevel, destination: DestinationStream): Log {
  return pino(
    {
      level,
      base: null,
      messageKey: "message",
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }), log: redactFields },
      serializers: { error: serializeError },
      redact: { paths: SECRET_FIELDS.flatMap((field) => depths(field)), censor: CENSOR },
    },
    destination,
  );
}

function depths(field: string): readonly string[] {
  return [field, `*.${field}`, `*.*.${field}`, `*.*.*.${field}`];
}

/** As deep as a log line of ours reaches; what lies deeper is left out. */
const DEEPEST = 8;

/** Takes out what only its shape gives away, before it is written: a finished line must stay JSON. */
function redactFields(fields: Record<string, unknown>): Record<string, unknown> {
  return redactEntries(fields, DEEPEST);
}

function redactEntries(value: object, depth: number): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, redactValue(inner, depth - 1)]));
}

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value === "string") return redactText(value);
  // Errors have a serializer of their own.
  if (typeof value !== "object" || value === null || value instanceof Error) return value;
  if (depth <= 0) return "[too deep]";
  return Array.isArray(value) ? value.map((inner) => redactValue(inner, depth - 1)) : redactEntries(value, depth);
}

/** Only what is known to be harmless: the SDK hangs whole requests and responses, headers included, on its errors. */
function serializeError(error: unknown): unknown {
  if (!(error instanceof Error)) return redactText(String(error));
  const code = "code" in error && typeof error.code === "string" ? { code: error.code } : {};
  const cause = error.cause === undefined ? {} : { cause: serializeError(error.cause) };
  const message = redactText(error.message);
  return { name: error.name, ...code, message, stack: redactText(error.stack ?? ""), ...cause };
}
