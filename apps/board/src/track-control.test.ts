import { expect, it } from "vitest";
import type { AreaStatus } from "./api.ts";
import { makeWish } from "./make-wish.ts";
import { type SentControl, trackControl } from "./track-control.ts";

const AT = "2026-11-24T02:15:00.000Z";
const SENT: SentControl = { id: "x", area: "staging", title: "hold api in staging", at: AT, progress: "sent" };

function areas(at: string, ...waiting: readonly string[]): readonly AreaStatus[] {
  const controls = { kind: "controls", waiting: waiting.map((id) => ({ id })) };
  return [{ kind: "area", area: "staging", at, controls }] as unknown as readonly AreaStatus[];
}

it("follows a control until the area no longer lists it", () => {
  const waiting = trackControl(SENT, areas(AT, "x"));

  expect(waiting.progress).toBe("waiting");
  expect(trackControl(waiting, areas(AT, "x"))).toBe(waiting);
  expect(trackControl(waiting, areas(AT)).progress).toBe("taken");
});

it("believes nothing that was looked at before the control was sent", () => {
  expect(trackControl(SENT, areas(AT))).toBe(SENT);
  expect(trackControl(SENT, areas("2026-11-24T02:16:00.000Z")).progress).toBe("taken");
  expect(trackControl(SENT, [])).toBe(SENT);
});

it("wishes for nothing while a hold's version is not named", () => {
  const input = { target: { area: "a", image: "api", command: "hold" }, id: "x", reason: "r" } as const;
  const wish = { area: "a", image: "api", command: "hold", id: "x", reason: "r" };

  expect(makeWish({ ...input, at: { kind: "live", text: "" } })).toEqual(wish);
  expect(makeWish({ ...input, at: { kind: "commit", text: " " } })).toBeNull();
  expect(makeWish({ ...input, at: { kind: "commit", text: " 4f2a " } })).toEqual({ ...wish, commit: "4f2a" });
});
