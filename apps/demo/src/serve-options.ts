import { parseArgs } from "node:util";
import { WindlassError } from "@windlass/windlass-error";
import { type EngineKind, readEngineKind } from "./engine.ts";
import { programs } from "./programs.ts";

export const USAGE = `npm run sandbox [-- options]

Serves the accounts of a mapping on one port of 127.0.0.1, for any AWS client, and ticks every area until interrupted.

  --port <number>      where to listen; any free port by default
  --mapping <file>     the account mapping; by default the example
  --tick <duration>    between two ticks of an area, e.g. 5s (the default), 500ms, 1m
  --engine <kind>      where Terraform runs: directory (the default), podman or docker; containers need Linux and root
  --no-board           without windlass board
  --always-open        ignore the windows and freezes of the mapping
  --help               this text
`;

export interface ServeOptions {
  readonly kind: "serve";
  readonly port: number | undefined;
  readonly mapping: string;
  readonly tickMs: number;
  readonly alwaysOpen: boolean;
  readonly board: boolean;
  readonly engine: EngineKind;
}

const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m)$/;
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };

/** Throws a `WindlassError` `option-invalid` for what it does not understand. */
export function readServeOptions(args: readonly string[]): ServeOptions | { readonly kind: "help" } {
  const values = parse(args);
  if (values.help === true) return { kind: "help" };
  return {
    kind: "serve",
    port: values.port === undefined ? undefined : readPort(values.port),
    mapping: values.mapping ?? programs.exampleMapping,
    tickMs: readDuration(values.tick ?? "5s"),
    alwaysOpen: values["always-open"] ?? false,
    board: values["no-board"] !== true,
    engine: readEngineKind(values.engine),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: "string" },
        mapping: { type: "string" },
        tick: { type: "string" },
        engine: { type: "string" },
        "no-board": { type: "boolean" },
        "always-open": { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (cause) {
    throw optionError({ message: cause instanceof Error ? cause.message : String(cause), cause });
  }
}

function readPort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw optionError({ message: "--port is not a port", expected: "a number from 1 to 65535", found: text });
}

function readDuration(text: string): number {
  const [, amount, unit = ""] = DURATION.exec(text) ?? [];
  const milliseconds = Number(amount) * (UNITS[unit] ?? Number.NaN);
  if (milliseconds >= 1) return milliseconds;
  throw optionError({ message: "--tick is not a duration", expected: "such as 5s, 500ms or 1m", found: text });
}

function optionError(details: {
  readonly message: string;
  readonly expected?: string;
  readonly found?: string;
  readonly cause?: unknown;
}): WindlassError<"option-invalid"> {
  return new WindlassError({ code: "option-invalid", hint: "npm run sandbox -- --help", ...details });
}
