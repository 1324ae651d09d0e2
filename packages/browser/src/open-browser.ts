import { readFileSync } from "node:fs";
import { findBrowser } from "./missing-browser.ts";
import { type ContextOptions, loadPlaywright, type PlaywrightPage, requireHere } from "./playwright.ts";

/** A browser that stays on this machine. */
export interface OpenBrowser {
  /** A page with cookies and a store of its own. */
  openPage(options?: ContextOptions): Promise<OpenPage>;
  close(): Promise<void>;
}

export interface OpenPage {
  readonly page: PlaywrightPage;
  /** Addresses that the page asked for and that are not on the loopback interface. */
  readonly strayed: readonly string[];
  /** What the page reported as an error: exceptions, and what its policy kept it from. */
  readonly troubles: readonly string[];
  /** What axe finds on the page as it is now, one line each: `<rule>: <element>`. */
  audit(): Promise<readonly string[]>;
  close(): Promise<void>;
}

// A new profile would look for updates, lists and names: on a machine of its own the browser asks nobody.
const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
];

/** Opens the machine's browser, headless. Throws where `missingBrowser` names one. */
export async function openBrowser(): Promise<OpenBrowser> {
  const executablePath = findBrowser();
  if (executablePath === null) throw new Error("there is no browser: ask missingBrowser() first");
  const browser = await loadPlaywright().chromium.launch({ executablePath, headless: true, args: ARGUMENTS });
  return {
    async openPage(options = {}) {
      const context = await browser.newContext({ reducedMotion: "reduce", ...options });
      const strayed: string[] = [];
      const troubles: string[] = [];
      context.on("request", (request) => {
        if (!isHere(request.url())) strayed.push(request.url());
      });
      const page = await context.newPage();
      page.on("pageerror", (error) => void troubles.push(error.message));
      page.on("console", (message) => {
        if (message.type() === "error") troubles.push(message.text());
      });
      return { page, strayed, troubles, audit: () => auditPage(page), close: () => context.close() };
    },
    close: () => browser.close(),
  };
}

function isHere(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === "data:" || protocol === "blob:" || hostname === "127.0.0.1" || hostname === "localhost";
}

const AUDIT = `axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) =>
  violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => id + ": " + target.join(" "))))`;

/** axe runs by way of the debugger, which a page's policy for scripts does not reach. */
async function auditPage(page: PlaywrightPage): Promise<readonly string[]> {
  await page.evaluate(readFileSync(requireHere().resolve("axe-core/axe.min.js"), "utf8"));
  return (await page.evaluate(AUDIT)) as readonly string[];
}
