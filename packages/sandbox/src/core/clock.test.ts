import { describe, expect, it } from "vitest";
import { systemClock, virtualClock } from "./clock.ts";

describe("the virtual clock", () => {
  it("runs what is due in order of time, and of scheduling where the time is the same", async () => {
    const clock = virtualClock(1000);
    const seen: string[] = [];
    const note = (text: string) => () => void seen.push(`${text}@${clock.now()}`);
    clock.schedule(20, note("late"));
    clock.schedule(10, note("first"));
    clock.schedule(10, note("second"));

    await clock.advance(15);
    expect(seen).toEqual(["first@1010", "second@1010"]);
    expect(clock.now()).toBe(1015);

    await clock.advance(5);
    expect(seen.at(-1)).toBe("late@1020");
  });

  it("runs what callbacks schedule on the way, at its own time", async () => {
    const clock = virtualClock(0);
    const seen: number[] = [];
    const again = (): void => {
      seen.push(clock.now());
      if (seen.length < 5) clock.schedule(10, again);
    };
    clock.schedule(10, again);

    await clock.advance(35);

    expect(seen).toEqual([10, 20, 30]);
  });

  it("waits for what a callback promises before time goes on", async () => {
    const clock = virtualClock(0);
    const seen: string[] = [];
    clock.schedule(1, async () => {
      for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      seen.push(`slow@${clock.now()}`);
    });
    clock.schedule(2, () => void seen.push(`next@${clock.now()}`));

    await clock.advance(10);

    expect(seen).toEqual(["slow@1", "next@2"]);
  });

  it("lets go of promises that nobody awaits before time goes on", async () => {
    const clock = virtualClock(0);
    const times: number[] = [];
    clock.schedule(5, () => {
      void (async () => {
        for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
        times.push(clock.now());
      })();
    });
    clock.schedule(6, () => {});

    await clock.advance(100);

    expect(times).toEqual([5]);
  });

  it("takes a call off the schedule", async () => {
    const clock = virtualClock(0);
    const seen: string[] = [];
    const stop = clock.schedule(1, () => void seen.push("stopped"));
    clock.schedule(2, () => void seen.push("kept"));

    stop();
    await clock.advance(5);
    stop();

    expect(seen).toEqual(["kept"]);
  });

  it("moves one advance after the other", async () => {
    const clock = virtualClock(0);

    await Promise.all([clock.advance(10), clock.advance(10)]);

    expect(clock.now()).toBe(20);
  });

  it("gives on what a callback throws, and goes on after it", async () => {
    const clock = virtualClock(0);
    clock.schedule(1, () => {
      throw new Error("broken");
    });
    clock.schedule(2, () => Promise.reject(new Error("broken promise")));

    await expect(clock.advance(5)).rejects.toThrow("broken");
    await expect(clock.advance(5)).rejects.toThrow("broken promise");
    await clock.advance(5);

    expect(clock.now()).toBe(7);
  });
});

describe("the system clock", () => {
  it("calls later, unless it is told not to", async () => {
    const clock = systemClock();
    const called: string[] = [];
    const stop = clock.schedule(0, () => void called.push("stopped"));
    stop();

    await new Promise<void>((resolve) => void clock.schedule(1, resolve));

    expect(called).toEqual([]);
    expect(Math.abs(clock.now() - Date.now())).toBeLessThan(60_000);
  });
});
