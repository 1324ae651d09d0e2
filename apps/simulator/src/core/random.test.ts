import { describe, expect, it } from "vitest";
import { createRandom } from "./random.ts";

const draw = (seed: number, count: number): readonly number[] => {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => random.next());
};

describe("createRandom", () => {
  it("gives the same numbers for the same seed, and others for another", () => {
    expect(draw(7, 20)).toEqual(draw(7, 20));
    expect(draw(7, 20)).not.toEqual(draw(8, 20));
  });

  it("forks without being changed by what the fork is asked", () => {
    const random = createRandom(7);
    const fork = random.fork("faults");
    fork.next();

    expect(random.next()).toBe(draw(7, 1)[0]);
    expect(createRandom(7).fork("faults").next()).not.toBe(createRandom(7).fork("people").next());
  });

  it("keeps whole numbers within both ends", () => {
    const random = createRandom(1);
    const drawn = new Set(Array.from({ length: 500 }, () => random.int(2, 4)));

    expect([...drawn].sort()).toEqual([2, 3, 4]);
  });
});
