import { expect, it } from "vitest";
import { systemClock, virtualClock } from "./clock.ts";
import { waitFor } from "./wait-for.ts";

const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;

it("waits by the clock it is given", async () => {
  const clock = virtualClock(0);
  let ended = -1;
  const wait = waitFor(clock, 10).then(() => {
    ended = clock.now();
  });

  await clock.advance(9);
  expect(ended).toBe(-1);
  await clock.advance(1);
  await wait;

  expect(ended).toBe(10);
});

it("keeps the process alive while it waits, which the clock itself does not", async () => {
  const clock = systemClock();
  const before = timers();

  const stop = clock.schedule(60_000, () => {});
  expect(timers()).toBe(before);
  const wait = waitFor(clock, 1);
  expect(timers()).toBe(before + 1);
  await wait;

  expect(timers()).toBe(before);
  stop();
});
