import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { ECRClient, PutImageCommand } from "@aws-sdk/client-ecr";
import { missingBrowser, type OpenBrowser, type OpenPage, openBrowser } from "@windlass/browser";
import { afterEach, expect, it } from "vitest";
import { builtProgram } from "./run-program.ts";

const missing = missingBrowser();
const PIPELINE = "111111111111";
const IMAGE = "dga-network";
const AREA = "scratch";
/** The network is the first image and scratch the first area: the arrow keys go there from the grid's corner. */
const TABS_AT_MOST = 40;
const PATIENCE_MS = 60_000;

const opened: { server?: ChildProcess; browser?: OpenBrowser } = {};

afterEach(async () => {
  await opened.browser?.close();
  const { server } = opened;
  if (server === undefined || server.exitCode !== null) return;
  const ended = once(server, "close");
  server.kill("SIGINT");
  await ended;
});

it("shows on the board what real ticks and a real runner do, and a person holds it with the keyboard alone", {
  timeout: 180_000,
}, async (context) => {
  if (missing !== null) context.skip(missing);
  const { sandbox, board } = await serve(["--tick", "300ms", "--always-open"]);
  const open = await openBoard(board);
  await until(open, cellSays("nothing yet"));

  await release(sandbox);
  await until(open, cellSays("live"));
  await holdByKeyboard(open);
  await until(open, cellSays("held"));
  await until(open, pageSays("taken by the tick"));
  expect(await open.audit()).toEqual([]);

  await readLog(open);
  expect(await open.audit()).toEqual([]);
  expect(open.strayed).toEqual([]);
  expect(open.troubles).toEqual([]);
});

interface Served {
  readonly sandbox: string;
  readonly board: string;
}

/** Serves the sandbox and the board over it, and returns where both are. */
async function serve(args: readonly string[]): Promise<Served> {
  const child = spawn(process.execPath, [builtProgram("serve"), ...args], {
    env: { PATH: process.env["PATH"] ?? "", TMPDIR: tmpdir(), HOME: tmpdir() },
    stdio: ["ignore", "pipe", "inherit"],
  });
  opened.server = child;
  let output = "";
  return new Promise((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the server ended with ${code}: ${output}`)));
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      const sandbox = /listens on (http:\S+);/.exec(output)?.[1];
      const board = /on the board: (http:\S+)\n/.exec(output)?.[1];
      if (sandbox !== undefined && board !== undefined) resolve({ sandbox, board });
    });
  });
}

async function openBoard(url: string): Promise<OpenPage> {
  opened.browser = await openBrowser();
  const open = await opened.browser.openPage({ viewport: { width: 1400, height: 900 } });
  await open.page.goto(url);
  return open;
}

/** Moves the area's tag, as the end of a build does. */
async function release(endpoint: string): Promise<void> {
  const ecr = new ECRClient({
    endpoint,
    region: "ap-southeast-2",
    credentials: { accessKeyId: PIPELINE, secretAccessKey: "sandbox" },
  });
  const imageManifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    layers: [],
  });
  await ecr.send(new PutImageCommand({ repositoryName: IMAGE, imageTag: AREA, imageManifest }));
  ecr.destroy();
}

async function until({ page, troubles }: OpenPage, script: string): Promise<void> {
  if ((await page.evaluate(watch(script))) === true) return;
  const text = await page.evaluate("document.body.innerText");
  throw new Error(`never true: ${script}\n${text}\n${troubles.join("\n")}`);
}

/** Looks at every frame, by code that is there from the start: the board's policy lets nothing be evaluated later. */
function watch(script: string): string {
  return `new Promise((resolve) => {
    const end = performance.now() + ${PATIENCE_MS};
    const look = () =>
      ${script} ? resolve(true) : performance.now() > end ? resolve(false) : requestAnimationFrame(look);
    look();
  })`;
}

const BUTTON = `document.querySelector('[aria-label="Actions for ${IMAGE} in ${AREA}"]')`;

function cellSays(text: string): string {
  return `(${BUTTON}?.closest('[role="gridcell"]')?.textContent ?? "").includes(${JSON.stringify(text)})`;
}

function pageSays(text: string): string {
  return `document.body.innerText.includes(${JSON.stringify(text)})`;
}

async function holdByKeyboard(open: OpenPage): Promise<void> {
  const { keyboard } = open.page;
  await tabUntil(
    open,
    `document.activeElement?.closest('[role="row"] [role="gridcell"], [role="rowheader"]') !== null`,
  );
  await keyboard.press("Home");
  await keyboard.press("ArrowRight");
  await until(open, `document.activeElement?.closest('[role="gridcell"]')?.contains(${BUTTON})`);
  await openMenu(open, "Hold");
  await until(open, `document.querySelector("dialog[open]") !== null`);
  await tabUntil(open, `document.activeElement?.tagName === "TEXTAREA"`);
  await keyboard.type("a look at the network first");
  await until(open, `document.querySelector('dialog[open] [type="submit"]:not(:disabled)') !== null`);
  await tabUntil(open, `document.activeElement?.getAttribute("type") === "submit"`);
  await keyboard.press("Enter");
}

/** Opens the menu of the cell that has the focus and chooses what begins like this. */
async function openMenu({ page, ...open }: OpenPage, choice: string): Promise<void> {
  await page.keyboard.press("m");
  await until({ page, ...open }, `document.activeElement?.getAttribute("role") === "menuitem"`);
  const isChosen = `document.activeElement?.textContent.startsWith(${JSON.stringify(choice)})`;
  for (let step = 0; step < TABS_AT_MOST && (await page.evaluate(isChosen)) !== true; step += 1) {
    await page.keyboard.press("ArrowDown");
  }
  await page.keyboard.press("Enter");
}

async function tabUntil({ page }: OpenPage, script: string): Promise<void> {
  for (let step = 0; step < TABS_AT_MOST; step += 1) {
    if ((await page.evaluate(script)) === true) return;
    await page.keyboard.press("Tab");
  }
  expect(await page.evaluate(`document.activeElement?.outerHTML`), `never reached with Tab: ${script}`).toBe("");
}

/** The focus is back on the cell once the dialog is gone. */
async function readLog(open: OpenPage): Promise<void> {
  await until(open, `document.activeElement?.closest('[role="gridcell"]')?.contains(${BUTTON})`);
  await open.page.keyboard.press("Escape");
  await openMenu(open, "Last deployment");
  await until(open, pageSays("to add"));
  await until(open, pageSays("Apply complete!"));
}
