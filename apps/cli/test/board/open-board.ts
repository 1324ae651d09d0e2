import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { onTestFinished } from "vitest";
import { serveBoard } from "../../src/board/serve-board.ts";
import type { CliWorld } from "../../src/cli-world.ts";
import { createAreaOpener } from "../../src/open-areas.ts";
import { type OpenAreasOptions, openAreas } from "../areas/open-areas.ts";

export interface OpenBoardOptions extends OpenAreasOptions {
  readonly area?: string;
  /** The folder with the pages; by default some that only show that they are there. */
  readonly pages?: string;
}

export type Board = Awaited<ReturnType<typeof openBoard>>;

/** An organisation in a sandbox, and the board over it, served on loopback. The board looks again every 20 ms of real time. */
export async function openBoard(options: OpenBoardOptions = {}) {
  const areas = openAreas(options);
  const { mapping } = areas;
  const stopped = new AbortController();
  const world: CliWorld = {
    ...areas.world,
    // The areas' time stands still but for ticks; whoever follows something looks again and again.
    wait: (_ms, signal) => wait(20, undefined, signal === undefined ? {} : { signal }),
    interrupted: stopped.signal,
    write: () => {},
    writeError: () => {},
  };
  const board = await serveBoard(world, {
    ...{ mapping, area: options.area, opener: createAreaOpener(world, mapping, {}), port: 0, intervalMs: 3_000 },
    pages: options.pages ?? makePages(),
  });
  onTestFinished(async () => {
    stopped.abort();
    await board.close();
  });
  const { origin, searchParams } = new URL(board.url);
  return { ...areas, url: board.url, origin, token: searchParams.get("token") ?? "" };
}

function makePages(): string {
  const folder = mkdtempSync(join(tmpdir(), "windlass-pages-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const name of ["index.html", "board.js", "board.css", "board.svg"]) writeFileSync(join(folder, name), name);
  return folder;
}
