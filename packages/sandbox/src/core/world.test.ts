import { describe, expect, it } from "vitest";
import { createWorld, stateKey } from "./world.ts";

describe("the world", () => {
  it("keeps state by kind, account and region", () => {
    const world = createWorld(1);
    const key = stateKey<string[]>("things");
    world.state(key, "1", "a", () => []).push("x");
    world.state(key, "2", "a", () => []);

    expect(world.state(key, "1", "a", () => [])).toEqual(["x"]);
    expect(world.state(key, "1", "b", () => [])).toEqual([]);
    expect(world.state(stateKey<string[]>("others"), "1", "a", () => [])).toEqual([]);
    expect(world.states(key).map(({ account, region }) => `${account}/${region}`)).toEqual(["1/a", "2/a", "1/b"]);
    expect(world.states(stateKey("nothing"))).toEqual([]);
  });

  it("draws the same numbers and ids from the same seed, and others from another", () => {
    const draw = (seed: number) => {
      const world = createWorld(seed);
      return [world.random(), world.hexId(17), world.hexId(17)];
    };

    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it("never draws an id twice", () => {
    const world = createWorld(1);

    const ids = new Set(Array.from({ length: 16 }, () => world.hexId(1)));

    expect(ids.size).toBe(16);
  });

  it("says so where all ids of a length are taken, and does not look for one for ever", () => {
    const world = createWorld(1);
    for (let id = 0; id < 16; id += 1) world.hexId(1);

    expect(() => world.hexId(1)).toThrow("1 hexadecimal digits are too few");
  });
});
