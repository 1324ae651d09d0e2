import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Hono } from "hono";
import { CliError } from "../cli-error.ts";

/** What the page loads. */
const FILES = {
  "board.js": "text/javascript; charset=utf-8",
  "board.css": "text/css; charset=utf-8",
  "board.svg": "image/svg+xml",
} as const;

/** The built pages, read once. Throws `file-unreadable`. */
export function createBoardPages(folder: string): Hono {
  const pages = new Hono();
  for (const [name, type] of Object.entries(FILES)) {
    const content = readPage(join(folder, name));
    pages.get(`/${name}`, (context) => context.body(content, 200, { "content-type": type }));
  }
  const index = readPage(join(folder, "index.html"));
  // Every other address is the page's own to understand.
  pages.get("*", (context) => context.body(index, 200, { "content-type": "text/html; charset=utf-8" }));
  return pages;
}

function readPage(path: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(readFileSync(path));
  } catch (error) {
    throw new CliError({
      code: "file-unreadable",
      message: "the board's pages are not there",
      found: path,
      hint: "they are built with the program: npm run build",
      cause: error,
    });
  }
}
