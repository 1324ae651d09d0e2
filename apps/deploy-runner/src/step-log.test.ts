import { virtualClock } from "@windlass/sandbox";
import { describe, expect, it } from "vitest";
import { createStepLog, type StepLogOptions } from "./step-log.ts";

const LIMITS = { headBytes: 1000, tailBytes: 1000, segmentBytes: 20, flushMs: 5_000, endMs: 20_000 };

interface Bucket {
  readonly segments: Map<number, string>;
  /** Numbers in the order in which they were put. */
  readonly puts: number[];
  broken: boolean;
  /** The most that were under way at a time. */
  most: number;
}

function openLog(change: Partial<StepLogOptions["limits"]> = {}, putMs = 0) {
  const clock = virtualClock(0);
  const bucket: Bucket = { segments: new Map(), puts: [], broken: false, most: 0 };
  let underWay = 0;
  const complaints: string[] = [];
  const complain = (_fields: object, message: string) => void complaints.push(message);
  const log = createStepLog({
    clock: { now: clock.now, monotonic: clock.now, schedule: (ms, fn) => clock.schedule(ms, () => fn()) },
    log: { info: complain, warn: complain, error: complain },
    limits: { ...LIMITS, ...change },
    async put(number, text) {
      bucket.puts.push(number);
      if (bucket.broken) throw new Error("no bucket");
      underWay += 1;
      bucket.most = Math.max(bucket.most, underWay);
      if (putMs > 0) await new Promise<void>((resolve) => void clock.schedule(putMs, () => resolve()));
      underWay -= 1;
      bucket.segments.set(number, text);
    },
  });
  return { clock, bucket, complaints, log };
}

describe("createStepLog", () => {
  it("stores a segment when enough has gathered", async () => {
    const { clock, bucket, log } = openLog();

    log.write("0123456789\n");
    log.write("0123456789\n");
    log.write("next\n");
    await clock.advance(0);

    expect([...bucket.segments]).toEqual([[0, "0123456789\n0123456789\n"]]);
  });

  it("stores a segment 5 s after its first line, however little has gathered", async () => {
    const { clock, bucket, log } = openLog();
    log.write("one\n");
    await clock.advance(4_000);
    log.write("two\n");
    expect(bucket.segments.size).toBe(0);

    await clock.advance(1_000);

    expect([...bucket.segments]).toEqual([[0, "one\ntwo\n"]]);
  });

  it("stores nothing where there is nothing", async () => {
    const { clock, bucket, log } = openLog();
    log.write("");
    await clock.advance(60_000);
    await log.end();

    expect(bucket.puts).toEqual([]);
  });

  it("stores what is left at the end, at once", async () => {
    const { bucket, log } = openLog();
    log.write("last\n");

    await log.end();

    expect([...bucket.segments]).toEqual([[0, "last\n"]]);
  });

  it("tries a segment again until it is stored, and keeps the others in order behind it", async () => {
    const { clock, bucket, log } = openLog();
    bucket.broken = true;
    for (const name of ["a", "b", "c"]) log.write(`${name.repeat(20)}\n`);
    await clock.advance(5_000);
    expect(new Set(bucket.puts)).toEqual(new Set([0]));

    bucket.broken = false;
    await clock.advance(5_000);

    expect([...bucket.segments].map(([number, text]) => `${number}${text.charAt(0)}`)).toEqual(["0a", "1b", "2c"]);
  });

  it("gives up some time after the end, and says so", async () => {
    const { clock, bucket, complaints, log } = openLog();
    bucket.broken = true;
    log.write("lost\n");
    let ended = false;
    const end = log.end().then(() => {
      ended = true;
    });

    await clock.advance(19_000);
    expect(ended).toBe(false);
    await clock.advance(2_000);
    await end;
    const tries = bucket.puts.length;
    await clock.advance(60_000);

    expect(bucket.puts.length).toBe(tries);
    expect(complaints).toContain("log incomplete: segments could not be stored");
  });

  it("stores the end first, several parts at a time, where there is no time for all of it, and says what is missing", async () => {
    const { clock, bucket, log } = openLog({ headBytes: 10, tailBytes: 16_000, segmentBytes: 20, endMs: 5_000 }, 2_000);
    for (let line = 0; line < 400; line += 1) log.write(`${String(line).padStart(3, "0")} ${"x".repeat(95)}\n`);
    const end = log.end();

    await clock.advance(60_000);
    await end;

    const text = [...bucket.segments].toSorted(([one], [other]) => one - other).map(([, part]) => part);
    const last = text.pop();
    expect(last).toMatch(
      /^\n\[windlass: \d+ of the \d+ parts of this log could not be stored in time: what is above has gaps\]\n$/,
    );
    expect(text.at(-1)).toContain("399 xxx");
    expect(text.at(-2)).toContain("398 xxx");
    expect(text.length).toBeGreaterThanOrEqual(16);
    expect(text.join("")).not.toContain("[windlass: 0 bytes");
    expect(bucket.most).toBeLessThanOrEqual(9);
  });

  it("says nothing of the kind where the end has arrived in time", async () => {
    const { clock, bucket, log } = openLog({ headBytes: 10, tailBytes: 1_600 }, 2_000);
    for (let line = 0; line < 40; line += 1) log.write(`${String(line).padStart(2, "0")} ${"x".repeat(90)}\n`);
    const end = log.end();

    await clock.advance(60_000);
    await end;

    expect([...bucket.segments.values()].join("")).not.toContain("could not be stored");
    expect([...bucket.segments.keys()].toSorted((one, other) => one - other)).toEqual(
      Array.from({ length: bucket.segments.size }, (_, number) => number),
    );
  });

  it("keeps head and tail of a log that is too long, and says what is missing", async () => {
    const { clock, bucket, log } = openLog({ headBytes: 25, tailBytes: 12 });
    for (let line = 0; line < 10; line += 1) log.write(`line ${line}\n`);
    await clock.advance(10_000);

    await log.end();

    const segments = [...bucket.segments].toSorted(([one], [other]) => one - other).map(([, text]) => text);
    // As it was packed: nothing of it is gathered once more.
    expect(segments.slice(-2)).toEqual(["[windlass: 42 bytes are left out here]\n", "line 9\n"]);
    expect(segments.join("")).toBe(
      "line 0\nline 1\nline 2\n[windlass: this log is long; the rest of it is stored when the step has ended]\n" +
        "[windlass: 42 bytes are left out here]\nline 9\n",
    );
  });
});
