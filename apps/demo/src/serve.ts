import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { type AccountMapping, parseMapping } from "@windlass/account-mapping";
import { describeError } from "@windlass/windlass-error";
import { type BoardProcess, startBoard } from "./board-process.ts";
import { type DemoEngine, openEngine } from "./engine.ts";
import { createMachineClock } from "./machine-clock.ts";
import { createNarrator } from "./narrator.ts";
import { type Organisation, openOrganisation, withOpenWindows } from "./organisation.ts";
import { createReporter } from "./reporter.ts";
import { describeUse } from "./serve-guide.ts";
import { readServeOptions, type ServeOptions, USAGE } from "./serve-options.ts";
import { createTicker } from "./settle.ts";
import { findTerraform } from "./terraform-binary.ts";
import { writeAccess } from "./write-access.ts";

// biome-ignore lint/style/noProcessEnv: the one place that reads it
const environment = process.env;
process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  try {
    const options = readServeOptions(args);
    if (options.kind === "help") {
      process.stdout.write(USAGE);
      return 0;
    }
    await serve(options, readMapping(options));
    return 0;
  } catch (error) {
    process.stderr.write(`${describeError(error)}\n`);
    return 1;
  }
}

function readMapping({ mapping: path, alwaysOpen }: ServeOptions): AccountMapping {
  // npm runs scripts in the workspace's root; a relative path is meant from where the command was given.
  const file = resolve(environment["INIT_CWD"] ?? process.cwd(), path);
  const mapping = parseMapping(readFileSync(file, "utf8"), { file: path });
  return alwaysOpen ? withOpenWindows(mapping) : mapping;
}

async function serve(options: ServeOptions, mapping: AccountMapping): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "windlass-sandbox-"));
  const stopped = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stopped.abort());
  const searchPath = environment["PATH"] ?? "";
  let organisation: Organisation | undefined;
  let engine: DemoEngine | undefined;
  let board: BoardProcess | undefined;
  try {
    const terraform = findTerraform(searchPath);
    engine = await openEngine({ kind: options.engine, folder, terraform, searchPath, environment });
    const clock = createMachineClock();
    organisation = await openOrganisation({ mapping, clock, folder, engine, searchPath, port: options.port });
    const access = writeAccess(organisation, folder);
    if (options.board) board = await startBoard({ environment: { ...access.variables, PATH: searchPath }, clock });
    const { tickMs } = options;
    const guide = { engine, folder, tickMs, access: access.file, board: board?.url ?? null };
    process.stdout.write(describeUse(organisation, guide));
    await tickUntil(stopped.signal, organisation, tickMs);
  } finally {
    await board?.close();
    await organisation?.close();
    await engine?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function tickUntil(signal: AbortSignal, { areas, reports }: Organisation, tickMs: number): Promise<void> {
  const narrator = createNarrator({
    write: (text) => void process.stdout.write(text),
    interactive: process.stdout.isTTY === true,
    colour: process.stdout.isTTY === true && (environment["NO_COLOR"] ?? "") === "",
    columns: process.stdout.columns,
  });
  const ticker = createTicker({ areas, listener: createReporter(narrator, reports), pauseMs: tickMs, patienceMs: 0 });
  while (!signal.aborted) {
    await ticker.tick();
    await wait(tickMs, undefined, { signal }).catch(() => undefined);
  }
}
