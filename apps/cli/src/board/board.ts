import { fileURLToPath } from "node:url";
import type { AreaOptions } from "../area-options.ts";
import { parseSeconds } from "../area-options.ts";
import { CliError } from "../cli-error.ts";
import type { CliWorld } from "../cli-world.ts";
import { exitCode } from "../exit-code.ts";
import { createAreaOpener } from "../open-areas.ts";
import { openMapping } from "../open-mapping.ts";
import { printJsonLine } from "../print-json.ts";
import { requireArea } from "../require-name.ts";
import { serveBoard } from "./serve-board.ts";

export interface BoardOptions extends AreaOptions {
  readonly area?: string;
  readonly port: string;
  /** Seconds between two looks. */
  readonly interval: string;
  /** False: `--no-open`. */
  readonly open: boolean;
}

/** `windlass board`: 0 when it is interrupted. Throws where it can not be served. */
export async function showBoard(world: CliWorld, options: BoardOptions): Promise<number> {
  const mapping = openMapping(world, options);
  const { area } = options;
  if (area !== undefined) requireArea(mapping, area);
  const board = await serveBoard(world, {
    ...{ mapping, area, opener: createAreaOpener(world, mapping, options) },
    ...{ port: portOf(options.port), intervalMs: 1000 * parseSeconds("--interval", options.interval) },
    pages: fileURLToPath(new URL("./board", import.meta.url)),
  });
  try {
    if (options.json === true) printJsonLine(world, { url: board.url });
    else
      world.write(
        `The board is at ${board.url}\nThe address is for you alone: whoever has it acts as you. Ctrl-C ends it.\n`,
      );
    if (options.open) await openPage(world, board.url);
    await interruption(world.interrupted);
    return exitCode.ok;
  } finally {
    await board.close();
  }
}

async function openPage(world: CliWorld, url: string): Promise<void> {
  if (await world.openPage?.(url)) return;
  world.writeError("No browser could be opened; open that address yourself.\n");
}

async function interruption(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new CliError({
    code: "options-wrong",
    message: "--port is none",
    expected: "0 to 65535; 0 is any that is free",
    found: JSON.stringify(text),
  });
}
