import { expect, it } from "vitest";
import { createMemoryKeeper } from "./memory-keeper.ts";

it("has garbage collected once for each half of a megabyte that passed", () => {
  let collections = 0;
  const memory = createMemoryKeeper(() => {
    collections += 1;
  });

  for (let piece = 0; piece < 48; piece += 1) memory.passed(65_536);
  expect(collections).toBe(6);
  memory.passed(524_287);
  expect(collections).toBe(6);
});

it("leaves Node to itself where it was started without the option", () => {
  expect(() => createMemoryKeeper(undefined).passed(10_000_000)).not.toThrow();
});
