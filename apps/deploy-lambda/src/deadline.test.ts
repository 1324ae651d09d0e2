import { describe, expect, it } from "vitest";
import { deadlineOf, divideTime } from "./deadline.ts";

describe("the deadline", () => {
  it("is not there yet when a tick begins", () => {
    const deadline = deadlineOf(undefined);

    expect(deadline.work.aborted).toBe(false);
    expect(deadline.commit.aborted).toBe(false);
  });

  it.each([0, -5])("is there at once with %d ms left: no time is not no deadline", (remaining) => {
    const { work, commit } = deadlineOf({ getRemainingTimeInMillis: () => remaining });

    expect([work.aborted, commit.aborted]).toEqual([true, true]);
  });

  it.each([
    [60_000, { work: 55_000, commit: 59_500 }],
    [8_000, { work: 6_000, commit: 7_600 }],
    [0, { work: 0, commit: 0 }],
  ])("leaves the last commit its share of %d ms", (remaining, times) => {
    expect(divideTime(remaining)).toEqual(times);
  });

  it.each([undefined, 900_000])(
    "ends a tick before a refresh that it meant to start is meant anew (%s ms)",
    (remaining) => {
      expect(divideTime(remaining).commit).toBeLessThan(120_000);
    },
  );
});
