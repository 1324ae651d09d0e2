import type { DeploymentId } from "@windlass/deployment";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { browseBoard } from "./open-browser.ts";

const A = "a".repeat(40);
const B = "b".repeat(40);
const SLOW = 60_000;

function cellOf(page: Page, image: string, area: string) {
  return page.locator(".cell").filter({ has: page.locator(`[aria-description="${image} in ${area}"]`) });
}

it("shows what changes in an area without being asked", { timeout: SLOW }, async (test) => {
  const board = await browseBoard(test);
  const page = await board.open();
  const cell = cellOf(page, "dga-network", "staging");
  expect(await cell.textContent()).toContain("nothing yet");

  board.push("dga-network", "staging", A);
  await board.tick("staging");
  await cell.getByText("deploying").waitFor();

  expect(await cell.textContent()).toContain("aaaaaaa");
  expect(await page.getByText("changed", { exact: false }).first().textContent()).toBe("changed 0 s ago");
  expect(board.complaints()).toEqual([]);
});

it("follows what a deployment prints, and stays where the reader scrolled to", { timeout: SLOW }, async (test) => {
  const board = await browseBoard(test);
  board.push("dga-network", "staging", A);
  const { launched } = await board.tick("staging");
  const deployment = launched[0] as DeploymentId;
  await board.clock.advance(60_000);
  const runner = await board.runner("staging", deployment);
  await runner.claim();
  await runner.phase("applying", "1/2");
  await runner.log("plan", "Plan: 2 to add, 0 to change, 0 to destroy.\n");
  await runner.log(
    "apply",
    Array.from({ length: 200 }, (_, line) => `aws_instance.a[${line}]: Creating...\n`).join(""),
  );
  const page = await board.open();
  await page.goto(`${board.origin}/areas/staging/deployments/${deployment}`);
  const log = page.locator(".log");
  await log.getByText("[199]").waitFor();
  const endOf = () =>
    log.evaluate(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight);
  expect(await endOf()).toBeLessThan(2);

  await log.evaluate((element) => element.scrollTo(0, 0));
  await page.getByText("paused while you read").waitFor();
  await runner.log("apply", "aws_instance.b: Created\n");
  await log.getByText("aws_instance.b: Created").waitFor();
  expect(await log.evaluate(({ scrollTop }) => scrollTop)).toBe(0);

  await page.getByRole("tab", { name: "plan" }).click();
  expect(await log.textContent()).toBe("Plan: 2 to add, 0 to change, 0 to destroy.\n");
  expect(board.complaints()).toEqual([]);
});

it("does what a person asks for by the keyboard alone, twice asked, until a tick took it", {
  timeout: SLOW,
}, async (test) => {
  const board = await browseBoard(test);
  const digest = board.push("dga-network", "production", A);
  await board.deploy("production");
  board.push("dga-network", "production", B);
  await board.deploy("production");
  const page = await board.open();
  const { keyboard } = page;
  await cellOf(page, "dga-network", "production").getByText("bbbbbbb").waitFor();

  // Past the filter and the pause of an area, to the grid's one place.
  for (let presses = 0; presses < 40 && (await page.locator("[data-row]:focus").count()) === 0; presses++) {
    await keyboard.press("Tab");
  }
  await keyboard.press("Control+Home");
  await keyboard.press("End");
  expect(await page.locator(":focus").getAttribute("aria-description")).toBe("dga-network in production");
  await keyboard.press("m");
  await page.getByRole("menu").waitFor();
  for (let presses = 0; presses < 10 && (await page.locator(":focus").textContent()) !== "Roll back…"; presses++) {
    await keyboard.press("ArrowDown");
  }
  await keyboard.press("Enter");
  await page.getByText("deploys dga-network at aaaaaaa").waitFor();
  const send = page.getByRole("button", { name: "Roll back", exact: true });
  await keyboard.type("the new network drops packets");
  expect(await send.isDisabled()).toBe(true);
  await keyboard.press("Tab");
  await keyboard.type("production");
  await keyboard.press("Enter");

  const status = page.locator('[role="status"] [data-progress]');
  await status.getByText("waits for the tick that takes it").waitFor();
  await board.tick("production");
  await status.getByText("taken by the tick").waitFor();
  expect((await board.ledger("production")).images["dga-network"]?.hold).toMatchObject({
    digest,
    request: { by: "operator/kim", reason: "the new network drops packets" },
  });
  expect(board.complaints()).toEqual([]);
});

it("filters the images, leads from page to page with keys, and asks nobody but its own server", {
  timeout: SLOW,
}, async (test) => {
  const board = await browseBoard(test);
  const page = await board.open();

  await page.keyboard.press("/");
  await page.keyboard.type("site");
  await page.getByText("1 of 3 images").waitFor();
  expect(await page.locator(".name").allTextContents()).toEqual([expect.stringContaining("dga-site")]);
  await page.locator(".name a").focus();
  await page.keyboard.press("h");
  await page.getByRole("heading", { name: "History" }).waitFor();
  await page.getByRole("checkbox", { name: "staging" }).check();
  expect(new URL(page.url()).search).toBe("?area=staging");
  await page.reload();
  expect(await page.getByRole("checkbox", { name: "staging" }).isChecked()).toBe(true);

  expect(board.origins()).toEqual([board.origin]);
  expect(board.complaints()).toEqual([]);
});

it("says that the connection is lost, and how old is what it shows", { timeout: SLOW }, async (test) => {
  const board = await browseBoard(test);
  const page = await board.open();

  // The next look at the areas finds nobody who answers.
  await page.route("**/api/events", (route) => route.abort());
  await page.reload();
  await page.getByText("Connection lost, trying again.").waitFor();
  await page.getByText(/^as of \d+ s ago$/).waitFor();

  await page.unroute("**/api/events");
  await page.getByText("up to date").waitFor();
  await page.locator(".name").first().waitFor();
  expect(await page.locator(".name").count()).toBe(3);
});
