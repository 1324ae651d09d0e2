import { describe, expect, it } from "vitest";
import { createScheduler } from "./scheduler.ts";

async function runAll(scheduler: ReturnType<typeof createScheduler>, until: number): Promise<void> {
  while (await scheduler.step(until));
}

describe("the queue", () => {
  it("does one thing after the other, by their time and then by their order", async () => {
    const scheduler = createScheduler(1_000);
    const seen: string[] = [];
    const note = (what: string) => () => void seen.push(`${what} at ${scheduler.now()}`);
    scheduler.schedule(20, note("late"));
    scheduler.schedule(10, note("first"));
    scheduler.schedule(10, note("second"));

    await runAll(scheduler, 1_015);

    expect(seen).toEqual(["first at 1010", "second at 1010"]);
    expect(scheduler.now()).toBe(1_015);
    expect(scheduler.pending()).toBe(1);
  });

  it("lets what a thing set off in promises run to its end before the next", async () => {
    const scheduler = createScheduler(0);
    const seen: string[] = [];
    scheduler.schedule(1, async () => {
      for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
      seen.push("promises");
    });
    scheduler.schedule(2, () => void seen.push("next"));

    await runAll(scheduler, 10);

    expect(seen).toEqual(["promises", "next"]);
  });

  it("does not do what was taken off", async () => {
    const scheduler = createScheduler(0);
    let done = false;
    const cancel = scheduler.schedule(1, () => {
      done = true;
    });
    cancel();

    await runAll(scheduler, 10);

    expect(done).toBe(false);
  });

  it("refuses a moment that is none", () => {
    expect(() => createScheduler(0).schedule(Number.NaN, () => {})).toThrow("a moment that is none");
  });
});
