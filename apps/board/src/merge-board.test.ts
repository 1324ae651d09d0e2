import { expect, it } from "vitest";
import type { BoardEvent } from "./api.ts";
import { arrangeRows, filterRows } from "./filter-images.ts";
import { mergeBoard } from "./merge-board.ts";
import { countStandings } from "./standings.ts";

function event(areas: readonly object[], promotion: readonly object[] = []): BoardEvent {
  return { at: "x", workload: "w", order: ["a", "b"], guarded: [], areas, promotion } as unknown as BoardEvent;
}

function area(name: string, ...images: readonly object[]) {
  return { kind: "area", area: name, images };
}

const API = { image: "api", standing: "live" };
const WEB = { image: "web", standing: "failed" };
const BROKEN = { kind: "unreadable", area: "b" };
const PAIR = { from: "a", to: "b", images: [{ image: "api", kind: "same" }] };

it("keeps areas that an event leaves out, in the mapping's order", () => {
  const board = mergeBoard(mergeBoard(null, event([area("b", API), area("a", API)])), event([area("a", API, WEB)]));

  expect(board.areas).toEqual([area("a", API, WEB), area("b", API)]);
});

it("keeps what says the same as the same object", () => {
  const before = mergeBoard(null, event([area("a", API, WEB), BROKEN], [PAIR]));
  const after = mergeBoard(before, event([area("a", { ...API }, { ...WEB, standing: "live" })], [{ ...PAIR }]));
  const quiet = mergeBoard(after, event([]));

  expect(arrangeRows(after.areas)[0]?.views[0]).toBe(arrangeRows(before.areas)[0]?.views[0]);
  expect(arrangeRows(after.areas)[1]?.views[0]).not.toBe(arrangeRows(before.areas)[1]?.views[0]);
  expect(quiet.areas).toBe(after.areas);
  expect(quiet.promotion).toBe(before.promotion);
});

it("takes what an area says instead, when it can be read again and when it can not any more", () => {
  const broken = mergeBoard(null, event([BROKEN]));
  const mended = mergeBoard(broken, event([area("b", API)], [PAIR]));

  expect(mended.areas).toEqual([area("b", API)]);
  expect(mergeBoard(mended, event([BROKEN])).areas).toEqual([BROKEN]);
});

it("lays images side by side, and finds them by words and standings", () => {
  const { areas } = mergeBoard(null, event([area("a", API, WEB), BROKEN]));
  const rows = arrangeRows(areas);

  expect(rows).toEqual([
    { image: "api", views: [API, null] },
    { image: "web", views: [WEB, null] },
  ]);
  expect(filterRows(rows, { text: " W e ", standings: [] }).map(({ image }) => image)).toEqual(["web"]);
  expect(filterRows(rows, { text: "", standings: ["live"] }).map(({ image }) => image)).toEqual(["api"]);
  expect(countStandings([{ standing: "live" }, { standing: "live" }, { standing: "held" }])).toEqual({
    live: 2,
    held: 1,
  });
});
