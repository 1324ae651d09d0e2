import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { missingBrowser } from "./missing-browser.ts";
import { type OpenBrowser, openBrowser } from "./open-browser.ts";

const missing = missingBrowser();
const open: { server?: Server; browser?: OpenBrowser } = {};

afterEach(async () => {
  await open.browser?.close();
  open.server?.closeAllConnections();
  open.server?.close();
});

/** Serves one page, under the strictest policy that it can have. */
async function serve(body: string): Promise<string> {
  const server = createServer((_request, response) => {
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.setHeader("content-security-policy", "default-src 'none'; img-src *");
    response.end(`<!doctype html><html lang="en"><title>A page</title><main><h1>A page</h1>${body}</main></html>`);
  });
  open.server = server;
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

it("finds what is wrong with a page, whatever the page's policy allows", { timeout: 60_000 }, async (context) => {
  if (missing !== null) context.skip(missing);
  const url = await serve(
    '<button></button><p style="color: red">never red</p><img alt="" src="http://away.example/">',
  );
  open.browser = await openBrowser();

  const { page, audit, strayed, troubles } = await open.browser.openPage();
  await page.goto(url);

  expect(await audit()).toEqual(["button-name: button"]);
  expect(strayed).toEqual(["http://away.example/"]);
  expect(troubles.join("\n")).toContain("Content Security Policy");
});

it("finds nothing wrong with a good page", { timeout: 60_000 }, async (context) => {
  if (missing !== null) context.skip(missing);
  const url = await serve("<p>Nothing to see.</p>");
  open.browser = await openBrowser();

  const { page, audit, strayed } = await open.browser.openPage({ colorScheme: "dark" });
  await page.goto(url);

  expect(await audit()).toEqual([]);
  expect(strayed).toEqual([]);
});
