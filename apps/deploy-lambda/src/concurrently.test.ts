import { describe, expect, it } from "vitest";
import { mapConcurrently } from "./concurrently.ts";

describe("mapConcurrently", () => {
  it("keeps the order of the items, whichever ends first", async () => {
    const turns = [3, 1, 2];

    const mapped = await mapConcurrently(turns, 3, async (count) => {
      for (let turn = 0; turn < count; turn += 1) await Promise.resolve();
      return count * 10;
    });

    expect(mapped).toEqual([30, 10, 20]);
  });

  it("runs at most so many at a time, and all in the end", async () => {
    let running = 0;
    let most = 0;

    const mapped = await mapConcurrently([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
      running += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      running -= 1;
      return item;
    });

    expect(most).toBe(3);
    expect(mapped).toHaveLength(7);
  });

  it("has nothing to do for no items", async () => {
    expect(await mapConcurrently([], 3, () => Promise.reject(new Error("called")))).toEqual([]);
  });

  it("rejects with the first rejection", async () => {
    await expect(mapConcurrently([1, 2], 1, (item) => Promise.reject(new Error(`item ${item}`)))).rejects.toThrow(
      "item 1",
    );
  });
});
