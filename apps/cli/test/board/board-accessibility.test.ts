import type { DeploymentId } from "@windlass/deployment";
import axe from "axe-core";
import type { BrowserContextOptions, Page } from "playwright-core";
import { expect, it } from "vitest";
import { areasText } from "../areas/open-areas.ts";
import { type BrowsedBoard, browseBoard } from "./open-browser.ts";

const VIEWS: readonly (readonly [string, BrowserContextOptions])[] = [
  ["light", { colorScheme: "light", viewport: { width: 1280, height: 800 } }],
  ["dark", { colorScheme: "dark", viewport: { width: 1280, height: 800 } }],
  ["phone", { colorScheme: "light", viewport: { width: 390, height: 780 } }],
];
const SLOW = 120_000;
/** A folder for pictures of each page: set it to take those of `docs/board/` again. */
const PICTURES = process.env["WINDLASS_BOARD_PICTURES"];

it("has nothing to complain of for axe, on any page, in light and dark and on a phone", {
  timeout: SLOW,
}, async (test) => {
  const board = await browseBoard(test, { mapping: areasText({ images: IMAGES }) });
  const deployment = await fill(board);
  const paths = {
    board: "/",
    image: "/areas/production/images/data-catalog",
    deployment: `/areas/staging/deployments/${deployment}`,
    history: "/history",
    performance: "/performance",
  };

  const found: string[] = [];
  for (const [name, view] of VIEWS) {
    const page = await board.open(view);
    for (const [what, path] of Object.entries(paths)) {
      await page.goto(board.origin + path);
      await settle(page);
      if (PICTURES !== undefined) await page.screenshot({ path: `${PICTURES}/${what}-${name}.png` });
      found.push(...(await violations(page)).map((problem) => `${what} ${name}: ${problem}`));
    }
    await page.context().close();
  }

  expect(found).toEqual([]);
  expect(board.complaints()).toEqual([]);
  expect(board.origins()).toEqual([board.origin]);
});

it("has nothing to complain of for axe in its dialogs", { timeout: SLOW }, async (test) => {
  const board = await browseBoard(test);
  board.push("dga-network", "production", "a".repeat(40));
  await board.deploy("production");
  const page = await board.open();

  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keys" }).waitFor();
  const ofKeys = await violations(page);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Actions for dga-network in production" }).click();
  const ofMenu = await violations(page);
  await page.getByRole("menuitem", { name: "Hold…" }).click();
  await page.getByRole("dialog").getByText("What it does").waitFor();
  if (PICTURES !== undefined) await page.screenshot({ path: `${PICTURES}/action-light.png` });

  expect([...ofKeys, ...ofMenu, ...(await violations(page))]).toEqual([]);
});

const IMAGES = `
  data-network: { kind: terraform }
  data-storage: { kind: terraform, after: [data-network] }
  data-catalog: { kind: terraform, after: [data-storage] }
  data-ingest: { kind: terraform }
  data-search: { kind: terraform }
  data-portal: { kind: terraform }
  portal-web: { kind: instance-refresh, groups: [portal-web-asg] }`;

const IMAGES_DEPLOYED = ["data-network", "data-storage", "data-catalog", "data-ingest"];

/** What people meet: something live, something ahead, something failed, something held, and one that runs; its id. */
async function fill(board: BrowsedBoard): Promise<DeploymentId> {
  for (const [index, image] of IMAGES_DEPLOYED.entries()) {
    for (const area of ["staging", "production"]) {
      board.push(image, area, `${index + 1}`.repeat(40));
      await board.deploy(area);
    }
  }
  board.push("data-ingest", "staging", "c".repeat(40));
  await board.deploy("staging");
  board.push("data-catalog", "production", "d".repeat(40));
  const failure = { code: "terraform-failed", message: "terraform apply exited with 1", hint: "read the log" };
  await board.deploy("production", { outcome: "failed", exitCode: 1, failure });
  await board.control("production", { kind: "hold", image: "data-network", digest: null, reason: "an audit runs" });
  await board.tick("production");
  board.push("data-search", "staging", "e".repeat(40));
  const { launched } = await board.tick("staging");
  const deployment = launched[0] as DeploymentId;
  await board.clock.advance(60_000);
  const runner = await board.runner("staging", deployment);
  await runner.claim();
  await runner.phase("applying", "12/40");
  await runner.log("plan", "Plan: 40 to add, 0 to change, 0 to destroy.\n");
  await runner.log("apply", Array.from({ length: 12 }, (_, line) => `aws_s3_bucket.data[${line}]: Created\n`).join(""));
  await board.tick("staging");
  return deployment;
}

/** Everything that the page asked for is there. */
async function settle(page: Page): Promise<void> {
  await page.getByRole("heading", { level: 1 }).waitFor({ state: "attached" });
  await page.waitForFunction(() => document.querySelector(".loading") === null);
}

async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const { violations: found } = await page.evaluate(() => {
    const { axe: runner } = window as unknown as { readonly axe: typeof axe };
    return runner.run(document, { resultTypes: ["violations"] });
  });
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" ")}`);
}
