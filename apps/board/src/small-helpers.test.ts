import type { DeliveryMeasures, ImageView } from "@windlass/area-view";
import { expect, it } from "vitest";
import { allowedCommands } from "./allowed-commands.ts";
import { chartBars } from "./chart-bars.ts";
import { describeMeasures } from "./describe-measures.ts";
import { moveInGrid } from "./move-in-grid.ts";
import { parseProgress } from "./parse-progress.ts";
import { shortenText, shortVersion } from "./shorten.ts";

it.each([
  ["12/40", 0.3],
  ["50%", 0.5],
  ["41/40", 1],
  ["0/0", null],
  ["soon", null],
  [null, null],
])("takes %s for a part of the whole, or for none", (text, part) => {
  expect(parseProgress(text)).toBe(part);
});

it.each([
  ["ArrowUp", { row: 4, column: 1 }],
  ["ArrowRight", { row: 5, column: 2 }],
  ["PageDown", { row: 9, column: 1 }],
  ["PageUp", { row: 0, column: 1 }],
  ["Home", { row: 5, column: 0 }],
  ["x", null],
])("moves in the grid with %s, and never out of it", (key, place) => {
  expect(moveInGrid({ row: 5, column: 1 }, { key, ctrlKey: false }, { rows: 10, columns: 3 })).toEqual(place);
});

it("goes to the corners with Ctrl", () => {
  const size = { rows: 10, columns: 3 };
  expect(moveInGrid({ row: 5, column: 1 }, { key: "Home", ctrlKey: true }, size)).toEqual({ row: 0, column: 0 });
  expect(moveInGrid({ row: 5, column: 1 }, { key: "End", ctrlKey: true }, size)).toEqual({ row: 9, column: 2 });
});

it("draws bars to the height of the largest, and none for nothing", () => {
  expect(chartBars([4, 0, null, 2], { width: 40, height: 10 })).toEqual([
    { x: 1, y: 0, width: 8, height: 10 },
    null,
    null,
    { x: 31, y: 5, width: 8, height: 5 },
  ]);
  expect(chartBars([0], { width: 40, height: 10 })).toEqual([null]);
});

it("shortens versions, and people and digests within a sentence", () => {
  const digest = `sha256:${"ab".repeat(32)}` as ImageView["image"] & `sha256:${string}`;
  const arn = "arn:aws:sts::111111111111:assumed-role/Operators/ada";

  expect(shortenText(`held at ${digest} by ${arn} because x`)).toBe("held at abababababab by ada because x");
  expect(shortVersion({ commit: "4f2a91c0000", digest } as never)).toBe("4f2a91c");
  expect(shortVersion({ commit: null, digest } as never)).toBe("abababababab");
});

it("offers what an image's standing asks for", () => {
  const live = {
    deployment: null,
    hold: null,
    block: null,
    previous: null,
    standing: "live",
    attempts: null,
    failure: null,
  };
  const view = (change: object) => ({ ...live, ...change }) as unknown as ImageView;

  expect(allowedCommands(view({}))).toEqual(["hold"]);
  expect(allowedCommands(view({ hold: {}, previous: {} }))).toEqual(["unhold", "rollback", "hold"]);
  expect(allowedCommands(view({ standing: "failed", block: {} }))).toEqual(["retry", "unblock", "hold"]);
  expect(allowedCommands(view({ standing: "waiting", deployment: { cancel: null }, deployNow: null }))).toEqual([
    "cancel",
    "deploy-now",
    "hold",
  ]);
});

it("says the four keys in numbers that people compare", () => {
  const spread = { count: 2, medianSeconds: 3_600, p90Seconds: 7_200 };
  const none = { count: 0, medianSeconds: null, p90Seconds: null };
  const measures = {
    frequency: { succeeded: 6, perDay: 0.2 },
    leadTime: { ...spread, unmeasured: 1 },
    failures: { ended: 8, failed: 2, rate: 0.25 },
    restore: { ...none, open: 1 },
  } as unknown as DeliveryMeasures;

  expect(describeMeasures(measures)).toEqual([
    ["1.4 a week", "6 succeeded"],
    ["1 h", "median of 2, nine of ten within 2 h, 1 not measured"],
    ["25 %", "2 of 8 failed"],
    ["none yet", "0 measured, 1 not restored yet"],
  ]);
});
