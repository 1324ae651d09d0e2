import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parseMapping } from "@windlass/account-mapping";
import { describeError } from "@windlass/windlass-error";
import { type DemoEngine, type EngineKind, openEngine, readEngineKind } from "./engine.ts";
import { createNarrator, type Narrator, silentNarrator } from "./narrator.ts";
import { programs } from "./programs.ts";
import { runDemo } from "./run-demo.ts";
import { findTerraform } from "./terraform-binary.ts";

const USAGE = `npm start [-- options]

Plays the main job on the embedded sandbox: releases, promotions, a failure, a lost instance, a window, a roll-out.

  --engine <kind>   where Terraform runs: directory (the default), podman or docker; containers need Linux and root
  --board           show it on windlass board, which stays until Ctrl-C
  --json            print one JSON object at the end, and nothing else (npm start --silent -- --json)
  --keep            keep the folder with all logs, and say where it is
  --help            this text
`;

// biome-ignore lint/style/noProcessEnv: the one place that reads it
const environment = process.env;
process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options === null) return 2;
  if (options.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const folder = mkdtempSync(join(tmpdir(), "windlass-demo-"));
  let engine: DemoEngine | undefined;
  try {
    const searchPath = environment["PATH"] ?? "";
    const terraform = findTerraform(searchPath);
    engine = await openEngine({ kind: options.engine, folder, terraform, searchPath, environment });
    const summary = await runDemo({
      mapping: parseMapping(readFileSync(programs.exampleMapping, "utf8"), { file: "windlass.yaml" }),
      narrator: options.json ? silentNarrator() : terminalNarrator(),
      folder,
      engine,
      searchPath,
      ...(options.board ? { board: awaitInterrupt } : {}),
    });
    if (options.json) process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
    return 0;
  } catch (error) {
    if (engine === undefined) {
      process.stderr.write(`${describeError(error)}\n`);
      return 2;
    }
    process.stderr.write(`\nThe demo failed: ${describeError(error)}\nIts logs: ${folder}\n`);
    options.keep = true;
    return 1;
  } finally {
    await engine?.close();
    if (!options.keep) rmSync(folder, { recursive: true, force: true });
    else process.stderr.write(`Kept: ${folder}\n`);
  }
}

/** Before this is called, an interrupt ends the demo at once. */
function awaitInterrupt(): AbortSignal {
  const stopped = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stopped.abort());
  return stopped.signal;
}

interface Options {
  readonly board: boolean;
  readonly json: boolean;
  readonly help: boolean;
  readonly engine: EngineKind;
  keep: boolean;
}

function readOptions(args: readonly string[]): Options | null {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        engine: { type: "string" },
        board: { type: "boolean" },
        json: { type: "boolean" },
        keep: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
    const { board = false, json = false, keep = false, help = false } = values;
    if (board && json) throw new Error("--json prints one object at the end, and with --board there is no end");
    return { board, json, keep, help, engine: readEngineKind(values.engine) };
  } catch (error) {
    process.stderr.write(`${describeError(error)}\n\n${USAGE}`);
    return null;
  }
}

function terminalNarrator(): Narrator {
  const interactive = process.stdout.isTTY === true;
  return createNarrator({
    write: (text) => void process.stdout.write(text),
    interactive,
    colour: interactive && (environment["NO_COLOR"] ?? "") === "",
    columns: process.stdout.columns,
  });
}
