import { parseSeconds } from "./area-options.ts";
import type { CliWorld } from "./cli-world.ts";
import { exitCode } from "./exit-code.ts";
import { formatStatus } from "./format-status.ts";
import { createAreaOpener } from "./open-areas.ts";
import { openMapping } from "./open-mapping.ts";
import { pause } from "./pause.ts";
import { printJsonLine } from "./print-json.ts";
import { requireImage } from "./require-name.ts";
import { type AreaStatus, createStatusReader, type StatusOptions, type StatusView } from "./status.ts";
import { styleOf } from "./style.ts";
import { formatTime } from "./words.ts";

export interface WatchOptions extends StatusOptions {
  /** Seconds between two looks. */
  readonly interval: string;
}

/** Home, and clear to the end of the screen: ECMA-48. Nothing flickers, since lines are written over. */
const REDRAW = "\u001b[H\u001b[J";

/**
 * `windlass watch`: 0 when it is interrupted. Draws the status again and again on a terminal; without one, a line for each
 * change.
 */
export async function watchStatus(world: CliWorld, options: WatchOptions): Promise<number> {
  const mapping = openMapping(world, options);
  if (options.image !== undefined) requireImage(mapping, options.image);
  const intervalMs = parseSeconds("--interval", options.interval) * 1000;
  const read = createStatusReader(world, mapping, {
    ...options,
    opener: createAreaOpener(world, mapping, options),
  });
  let before: StatusView | null = null;
  do {
    const status = await read();
    if (options.json === true) writeJson(world, status, before);
    else if (world.terminal.interactive) draw(world, status, options.interval);
    else for (const line of changedLines(status, before)) world.write(line);
    before = status;
  } while (await pause(world, intervalMs));
  return exitCode.ok;
}

function draw(world: CliWorld, status: StatusView, interval: string): void {
  const { dim, bad } = styleOf(world);
  const unreadable = status.areas.flatMap((area) => (area.kind === "unreadable" ? [`${bad(area.error.text)}\n`] : []));
  const foot = dim(`${formatTime(status.at)} UTC, again every ${interval} s. Ctrl-C ends it.`);
  world.write(`${REDRAW}${formatStatus(status, world)}\n${unreadable.join("")}${foot}\n`);
}

/** Where something changed, the whole status in one line. */
function writeJson(world: CliWorld, status: StatusView, before: StatusView | null): void {
  if (before === null || changedLines(status, before).length > 0) printJsonLine(world, status);
}

/** Time, area, image, standing, live version, and where it stands; only what is otherwise than before. */
function changedLines(status: StatusView, before: StatusView | null): readonly string[] {
  const old = new Set(before === null ? [] : before.areas.flatMap(linesOf));
  return status.areas
    .flatMap(linesOf)
    .filter((line) => !old.has(line))
    .map((line) => `${formatTime(status.at)}\t${line}\n`);
}

function linesOf(area: AreaStatus): readonly string[] {
  if (area.kind === "unreadable") return [[area.area, "-", "unreadable", "-", area.error.text].join("\t")];
  return area.images.map(({ image, standing, live, text }) =>
    [area.area, image, standing, live?.commit ?? live?.digest ?? "-", text].join("\t"),
  );
}
