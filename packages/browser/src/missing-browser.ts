import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

const PROGRAMS = ["chromium", "chromium-browser", "google-chrome"];

/** Why no browser can be opened on this machine; null where one can. */
export function missingBrowser(searchPath: string = pathOfThisProcess()): string | null {
  return findBrowser(searchPath) === null ? `not on the PATH: ${PROGRAMS.join(", or ")}` : null;
}

/** The browser's program; null where there is none. */
export function findBrowser(searchPath: string = pathOfThisProcess()): string | null {
  const places = PROGRAMS.flatMap((name) => searchPath.split(delimiter).map((folder) => join(folder, name)));
  return places.find((place) => existsSync(place)) ?? null;
}

function pathOfThisProcess(): string {
  // biome-ignore lint/style/noProcessEnv: what a test asks for is about the process that it runs in
  return process.env["PATH"] ?? "";
}
