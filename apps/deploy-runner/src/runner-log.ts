import { redactText } from "@windlass/redaction";
import { type DestinationStream, type Logger, pino } from "pino";
import type { LogLevel } from "./config.ts";

export interface RunnerLogOptions {
  readonly level: LogLevel;
  readonly area: string;
  /** Values that are never to be shown. */
  readonly secrets: readonly string[];
  /** Standard output when not given. */
  readonly destination?: DestinationStream;
}

/** JSON lines. Texts in fields are redacted, since services quote in their errors what they were given. */
export function createRunnerLog({ level, area, secrets, destination }: RunnerLogOptions): Logger {
  const redact = (fields: Record<string, unknown>) =>
    Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [
        name,
        typeof value === "string" ? redactText(value, { literals: secrets }) : value,
      ]),
    );
  const options = { level, base: { area }, formatters: { log: redact } };
  return destination === undefined ? pino(options) : pino(options, destination);
}
