import { expect, it } from "vitest";
import { formatHistoryQuery, parseHistoryQuery, requestHistory } from "./history-query.ts";

const SEARCH = "?area=staging&area=production&outcome=failed&image=api&version=4f2a&since=2026-11-01&until=2026-11-30";

it("keeps in the address what is asked for", () => {
  expect(formatHistoryQuery(parseHistoryQuery(SEARCH))).toBe(SEARCH);
  expect(formatHistoryQuery(parseHistoryQuery(""))).toBe("");
});

it("asks the server for whole days of the reader's", () => {
  const asked = new URLSearchParams(requestHistory(parseHistoryQuery(SEARCH), 50));

  expect(asked.getAll("area")).toEqual(["staging", "production"]);
  expect(asked.get("since")).toBe(new Date(2026, 10, 1).toISOString());
  expect(asked.get("until")).toBe(new Date(2026, 11, 1).toISOString());
  expect(asked.get("limit")).toBe("50");
});

it("asks for no day that is none", () => {
  expect(requestHistory({ ...parseHistoryQuery(""), since: "soon" }, 1)).toBe("?limit=1");
});
