import { setTimeout as wait } from "node:timers/promises";
import type { AccountMapping } from "@windlass/account-mapping";
import { startBoard } from "./board-process.ts";
import type { DemoEngine } from "./engine.ts";
import { createMachineClock } from "./machine-clock.ts";
import type { Narrator } from "./narrator.ts";
import { openOrganisation } from "./organisation.ts";
import { createReporter, shortDigest } from "./reporter.ts";
import { createTicker, type Ticker } from "./settle.ts";
import { STORY_START, tellStory } from "./story.ts";
import { type DemoSummary, summarize } from "./summary.ts";
import { writeAccess } from "./write-access.ts";

export interface DemoOptions {
  readonly mapping: AccountMapping;
  readonly narrator: Narrator;
  readonly folder: string;
  readonly engine: DemoEngine;
  readonly searchPath: string;
  /** Shows all of it on `windlass board`, and goes on until the signal, which is asked for once the story is told. */
  readonly board?: (() => AbortSignal) | undefined;
}

const PAUSE_MS = 250;
const PATIENCE_MS = 60_000;

/** Plays the story and says how everything stands at its end. */
export async function runDemo(options: DemoOptions): Promise<DemoSummary> {
  const { mapping, narrator, engine } = options;
  const clock = createMachineClock(STORY_START);
  const organisation = await openOrganisation({ ...options, clock });
  const environment = { ...writeAccess(organisation, options.folder).variables, PATH: options.searchPath };
  const board = options.board === undefined ? null : await startBoard({ environment, clock });
  try {
    introduce(narrator, engine, organisation.areas.length);
    if (board !== null) narrator.tell(`the board: ${board.url}`);
    const listener = createReporter(narrator, organisation.reports);
    const ticker = createTicker({ areas: organisation.areas, listener, pauseMs: PAUSE_MS, patienceMs: PATIENCE_MS });
    await tellStory({ organisation, clock, ticker, narrator });
    const summary = await summarize(organisation, {
      terraform: engine.terraform,
      engine: engine.kind,
      ticks: ticker.ticks(),
    });
    conclude(narrator, summary, Object.keys(mapping.images));
    if (options.board !== undefined) await stay(ticker, narrator, options.board());
    return summary;
  } finally {
    await board?.close();
    await organisation.close();
  }
}

/** What people ask for on the board happens, for as long as they look at it. */
async function stay(ticker: Ticker, narrator: Narrator, stopped: AbortSignal): Promise<void> {
  narrator.tell("the board stays, and every area ticks; Ctrl-C ends it");
  while (!stopped.aborted) {
    await ticker.tick();
    await wait(PAUSE_MS, undefined, { signal: stopped }).catch(() => undefined);
  }
}

function introduce(narrator: Narrator, { description }: DemoEngine, areas: number): void {
  narrator.chapter("Windlass on the embedded sandbox");
  narrator.tell(`a pipeline account and ${areas} target accounts, each with its deploy Lambda and its deploy group`);
  narrator.tell(description);
}

function conclude(narrator: Narrator, summary: DemoSummary, images: readonly string[]): void {
  narrator.chapter("How everything stands");
  const width = Math.max(...images.map((image) => image.length));
  for (const [area, { images: standing }] of Object.entries(summary.areas)) {
    for (const [image, { live, deployments }] of Object.entries(standing)) {
      if (deployments.length === 0) continue;
      const outcomes = deployments.map(({ outcome }) => outcome).join(", ");
      const digest = live === null ? "nothing" : shortDigest(live);
      narrator.tell(`${area.padEnd(10)}  ${image.padEnd(width)}  live ${digest.padEnd(7)}  ${outcomes}`);
    }
  }
  const issues = Object.values(summary.github).flatMap((repository) => repository.issues);
  const open = issues.filter(({ state }) => state === "open").length;
  narrator.tell(`GitHub: ${issues.length} ${issues.length === 1 ? "issue" : "issues"} opened, ${open} still open`);
  const calls = Object.values(summary.awsCalls).reduce((sum, count) => sum + count, 0);
  narrator.tell(`${summary.ticks} ticks, ${calls} AWS calls, none of them by the pipeline account into another`);
}
