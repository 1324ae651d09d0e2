import { expect, it } from "vitest";
import { createChaos } from "./chaos.ts";
import { createRandom } from "./random.ts";

it("counts and tells a fault where it took effect, and not where it was drawn", () => {
  const story: string[] = [];
  const chaos = createChaos({ "disk-full": 1_000 }, createRandom(1), (what) => story.push(what));
  const drawn = Array.from({ length: 50 }, () => chaos.draws("disk-full")).filter(Boolean).length;
  const before = chaos.fired();
  chaos.struck("disk-full", "the disk is full");

  expect(drawn).toBeGreaterThan(30);
  expect(before).toEqual({});
  expect(chaos.fired()).toEqual({ "disk-full": 1 });
  expect(story).toEqual(["fault disk-full: the disk is full"]);
});

it("draws no fault that a run does not have, and none once the faults have ended", () => {
  const chaos = createChaos({ "disk-full": 1_000 }, createRandom(1), () => {});
  chaos.end();

  expect(chaos.draws("host-lost")).toBe(false);
  expect(Array.from({ length: 50 }, () => chaos.draws("disk-full"))).not.toContain(true);
});
