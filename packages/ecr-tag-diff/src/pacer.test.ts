import { describe, expect, it } from "vitest";
import { EcrTagDiffError } from "./ecr-tag-diff-error.ts";
import { createPacer } from "./pacer.ts";

function throttled(): EcrTagDiffError {
  return new EcrTagDiffError({ code: "throttled", message: "too many requests", retryable: true });
}

/** Answers after a turn of the event loop, and knows how many calls were under way at once. */
function createService(answer: (call: number) => void) {
  const service = { calls: 0, active: 0, most: 0 };
  async function call(): Promise<number> {
    service.calls += 1;
    const number = service.calls;
    service.active += 1;
    service.most = Math.max(service.most, service.active);
    await new Promise((resolve) => setImmediate(resolve));
    service.active -= 1;
    answer(number);
    return number;
  }
  return { service, call };
}

function createWaits() {
  const waits: number[] = [];
  async function wait(ms: number): Promise<void> {
    waits.push(ms);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { waits, wait };
}

describe("a pacer", () => {
  it("never makes more calls at once than it may", async () => {
    const { service, call } = createService(() => undefined);
    const pace = createPacer({ concurrency: 3 });

    await Promise.all(Array.from({ length: 20 }, () => pace(call)));

    expect(service).toMatchObject({ calls: 20, most: 3 });
  });

  it("pauses once for a whole burst of throttled calls, then makes them again", async () => {
    const { service, call } = createService((number) => {
      if (number <= 8) throw throttled();
    });
    const { waits, wait } = createWaits();
    const pace = createPacer({ concurrency: 8, wait, random: () => 1 });

    const results = await Promise.all(Array.from({ length: 30 }, () => pace(call)));

    expect(results).toHaveLength(30);
    expect(service.calls).toBe(38);
    expect(waits).toEqual([250]);
  });

  it("runs half as many calls at once after a pause, and one more with each success", async () => {
    const never = new Promise<never>(() => undefined);
    let calls = 0;
    const { wait } = createWaits();
    const pace = createPacer({ concurrency: 8, wait });
    async function call(): Promise<void> {
      calls += 1;
      if (calls <= 8) throw throttled();
      if (calls > 10) await never;
    }

    for (let wanted = 0; wanted < 20; wanted += 1) pace(call).catch(() => undefined);
    for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));

    // 8 were throttled and 2 succeeded; of the rest, 4 + 2 have begun.
    expect(calls).toBe(8 + 2 + 6);
  });

  it("waits longer from pause to pause, and with jitter", async () => {
    const { call } = createService((number) => {
      if (number <= 3) throw throttled();
    });
    const { waits, wait } = createWaits();
    const pace = createPacer({ concurrency: 1, wait, random: () => 0 });

    await pace(call);

    expect(waits).toEqual([125, 250, 500]);
  });

  it("gives a call up after four attempts", async () => {
    const { service, call } = createService(() => {
      throw throttled();
    });
    const { wait } = createWaits();
    const pace = createPacer({ concurrency: 1, wait });

    await expect(pace(call)).rejects.toMatchObject({ code: "throttled", retryable: true });

    expect(service.calls).toBe(4);
  });

  it("makes few calls where every one is throttled, however many are wanted", async () => {
    const { service, call } = createService(() => {
      throw throttled();
    });
    const { waits, wait } = createWaits();
    const pace = createPacer({ concurrency: 32, wait });

    const outcomes = await Promise.allSettled(Array.from({ length: 1000 }, () => pace(call)));

    expect(outcomes.every((outcome) => outcome.status === "rejected")).toBe(true);
    expect(service.calls).toBeLessThanOrEqual(32 + 16 + 8 + 4 + 2 + 1);
    expect(waits).toHaveLength(5);
  });

  it("does not make a call again that failed for another reason", async () => {
    const { service, call } = createService(() => {
      throw new EcrTagDiffError({ code: "registry-unavailable", message: "down", retryable: true });
    });
    const pace = createPacer({ concurrency: 1 });

    await expect(pace(call)).rejects.toMatchObject({ code: "registry-unavailable" });

    expect(service.calls).toBe(1);
  });

  it("ends running, waiting and later calls when the signal says so", async () => {
    const abort = new AbortController();
    const pace = createPacer({ concurrency: 1, signal: abort.signal });
    const never = () => new Promise<never>(() => undefined);
    const { service, call } = createService(() => undefined);

    const running = [pace(never), pace(call)];
    await new Promise((resolve) => setImmediate(resolve));
    abort.abort(new Error("time is up"));
    const outcomes = await Promise.allSettled([...running, pace(call)]);

    expect(outcomes).toMatchObject(Array(3).fill({ status: "rejected", reason: { code: "aborted" } }));
    expect(service.calls).toBe(0);
  });

  it("ends in the middle of a pause, too", async () => {
    const abort = new AbortController();
    const { service, call } = createService(() => {
      throw throttled();
    });
    const pace = createPacer({ concurrency: 1, signal: abort.signal });

    const paced = pace(async () => {
      setImmediate(() => setImmediate(() => abort.abort()));
      return call();
    });

    await expect(paced).rejects.toMatchObject({ code: "aborted" });
    expect(service.calls).toBe(1);
  });
});
