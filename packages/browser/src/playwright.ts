import { createRequire } from "node:module";

/*
 * As much of playwright-core as is used here. Its own declarations need those of the DOM, and `lib` is one for all packages
 * of a program: code of pure packages would then pass with `window` in it.
 */

export interface Playwright {
  readonly chromium: { launch(options: LaunchOptions): Promise<PlaywrightBrowser> };
}

export interface LaunchOptions {
  readonly executablePath: string;
  readonly headless: boolean;
  readonly args: readonly string[];
}

export interface PlaywrightBrowser {
  newContext(options: ContextOptions): Promise<PlaywrightContext>;
  close(): Promise<void>;
}

export interface ContextOptions {
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly colorScheme?: "light" | "dark";
  /** Of an element's animations none is left half-way on a picture, or in the way of a click. */
  readonly reducedMotion?: "reduce" | "no-preference";
}

export interface PlaywrightContext {
  newPage(): Promise<PlaywrightPage>;
  on(event: "request", listener: (request: { url(): string }) => void): void;
  close(): Promise<void>;
}

export interface PlaywrightPage {
  goto(url: string, options?: { readonly waitUntil?: "load" | "commit" }): Promise<unknown>;
  evaluate(script: string): Promise<unknown>;
  getByRole(role: string, options?: { readonly name?: string | RegExp; readonly exact?: boolean }): PlaywrightLocator;
  getByText(text: string | RegExp): PlaywrightLocator;
  readonly keyboard: { press(key: string): Promise<void>; type(text: string): Promise<void> };
  screenshot(options: { readonly path: string }): Promise<unknown>;
  url(): string;
  on(event: "console", listener: (message: { type(): string; text(): string }) => void): void;
  on(event: "pageerror", listener: (error: Error) => void): void;
}

export interface PlaywrightLocator {
  first(): PlaywrightLocator;
  click(): Promise<void>;
  fill(text: string): Promise<void>;
  waitFor(options?: { readonly state?: "visible" | "hidden" | "attached"; readonly timeout?: number }): Promise<void>;
  count(): Promise<number>;
  innerText(): Promise<string>;
}

/** Finds this package's own dependencies also from a bundle that has this code in it. */
export function requireHere(): NodeJS.Require {
  return createRequire(createRequire(import.meta.url).resolve("@windlass/browser/package.json"));
}

export function loadPlaywright(): Playwright {
  return requireHere()("playwright-core") as Playwright;
}
