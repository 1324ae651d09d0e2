// Of the browser's declarations, which the server's adapter names as well.
/// <reference lib="dom" />
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { onTestFinished, type TestContext } from "vitest";
import { type OpenBoardOptions, openBoard } from "./open-board.ts";

const CHROMIUM = "/usr/bin/chromium";
const PAGES = fileURLToPath(new URL("../../../board/dist/", import.meta.url));

/** It must ask nobody for anything: that the pages do not is tested, and its own requests would hide it. */
const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const THREE_DAYS_MS = 3 * 24 * 60 * 60_000;

interface Browsed extends OpenBoardOptions {
  readonly view?: BrowserContextOptions;
}

export type BrowsedBoard = Awaited<ReturnType<typeof browseBoard>>;

/** The built board in a real browser, over a sandbox. Skips, with the reason, where there is no Chromium. */
export async function browseBoard(test: TestContext, { view = {}, ...options }: Browsed = {}) {
  if (!existsSync(CHROMIUM)) test.skip(`${CHROMIUM} is not there: apt-get install chromium`);
  const board = await openBoard({ ...options, pages: PAGES });
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: QUIET });
  onTestFinished(() => browser.close());
  const asked: string[] = [];
  const complaints: string[] = [];

  /** A window of its own, on the board's first page. */
  async function open(wanted: BrowserContextOptions = view): Promise<Page> {
    const context = await browser.newContext(wanted);
    context.on("request", (request) => asked.push(new URL(request.url()).origin));
    context.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    context.on("weberror", (error) => complaints.push(error.error().message));
    // The areas' time stands still; this machine's clock is three days ahead of it, which ages must not show.
    await context.clock.setFixedTime(new Date(board.clock.now() + THREE_DAYS_MS));
    const page = await context.newPage();
    await page.goto(board.url);
    await page.locator(".name").first().waitFor();
    return page;
  }

  return {
    ...board,
    open,
    /** Where anything was asked for, each once. */
    origins: () => [...new Set(asked)],
    /** What the browser's console and the pages' own code had to complain of. */
    complaints: () => complaints,
  };
}
