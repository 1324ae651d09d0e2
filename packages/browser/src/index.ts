export { missingBrowser } from "./missing-browser.ts";
export { type OpenBrowser, type OpenPage, openBrowser } from "./open-browser.ts";
export type { ContextOptions, PlaywrightLocator, PlaywrightPage } from "./playwright.ts";
