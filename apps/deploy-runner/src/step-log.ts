import { describeError } from "@windlass/windlass-error";
import { createLogBudget, type LogLimits } from "./log-budget.ts";
import { type PackedText, packText } from "./packed-text.ts";
import type { RunnerLog } from "./ports.ts";
import { type RunnerClock, sleep, withinTime } from "./runner-clock.ts";

/** The log of one step, on its way to the state bucket. Storing it never fails a deployment and never delays it. */
export interface StepLog {
  /** Whole lines, redacted. */
  write(text: string): void;
  /** Stores what is left, as far as that can be done in time, the end of it first. */
  end(): Promise<void>;
}

export interface StepLogOptions {
  readonly clock: RunnerClock;
  readonly log: RunnerLog;
  readonly limits: LogLimits & {
    /** A segment is stored when it has this many bytes, or ... */
    readonly segmentBytes: number;
    /** ... when its first line has waited this long. */
    readonly flushMs: number;
    /** How long the end of a step waits for its log. */
    readonly endMs: number;
  };
  /** Stores a segment; one number may be stored several times, with the same text. */
  put(number: number, text: string): Promise<void>;
}

const RETRY_MS = 2_000;
/** After the end of a step, when what was held back for it is stored. Each takes an unpacked segment of memory. */
const AT_ONCE = 8;
/** For the note that something is missing, after that. */
const NOTE_MS = 3_000;

export function createStepLog(options: StepLogOptions): StepLog {
  const { clock, limits } = options;
  const budget = createLogBudget(limits);
  const uploads = createUploads(options);
  let gathered: string[] = [];
  let bytes = 0;
  let cancelFlush: (() => void) | undefined;

  function flush(): void {
    cancelFlush?.();
    cancelFlush = undefined;
    if (bytes === 0) return;
    uploads.add(packText(gathered.join("")));
    gathered = [];
    bytes = 0;
  }

  function gather(text: string): void {
    if (text === "") return;
    gathered.push(text);
    bytes += Buffer.byteLength(text);
    if (bytes >= limits.segmentBytes) flush();
    else cancelFlush ??= clock.schedule(limits.flushMs, flush);
  }

  return {
    write: (text) => gather(budget.take(text)),
    end() {
      flush();
      // Unpacked one by one, each when it is stored: together they would take more memory than all else.
      return uploads.end(budget.end());
    },
  };
}

interface Segment {
  readonly number: number;
  readonly text: PackedText;
}

interface Uploads {
  add(text: PackedText): void;
  /** With the last segments. */
  end(texts: readonly PackedText[]): Promise<void>;
}

/**
 * While a step runs, one segment after the other, so that there is never a gap. At its end, the newest first and several at
 * a time: where there is no time for all of them, what went wrong is in the last ones.
 */
function createUploads(options: StepLogOptions): Uploads {
  const { clock, log, limits, put } = options;
  const waiting: Segment[] = [];
  const over = new AbortController();
  let ending = false;
  let number = 0;
  let stored = 0;
  let working: Promise<void> | undefined;

  async function work(take: () => Segment | undefined): Promise<void> {
    for (let segment = take(); segment !== undefined && !over.signal.aborted; segment = take()) await store(segment);
  }

  async function store({ number: own, text }: Segment): Promise<void> {
    while (!over.signal.aborted) {
      try {
        await put(own, text.unpack());
        stored += 1;
        return;
      } catch (error) {
        log.warn({ segment: own, error: describeError(error) }, "log segment not stored");
        await sleep(clock, RETRY_MS, over.signal);
      }
    }
  }

  function takeOldest(): Segment | undefined {
    const oldest = ending ? undefined : waiting.shift();
    if (oldest === undefined) working = undefined;
    return oldest;
  }

  function add(text: PackedText): void {
    waiting.push({ number, text });
    number += 1;
  }

  /** Where the reader looks first, and a number that no segment has: it goes over none that arrives late. */
  async function noteMissing(missing: number): Promise<void> {
    log.error({ segments: missing }, "log incomplete: segments could not be stored");
    const note = `\n[windlass: ${missing} of the ${number} parts of this log could not be stored in time: what is above has gaps]\n`;
    const noted = put(number, note).catch((error: unknown) =>
      log.warn({ error: describeError(error) }, "log segment not stored"),
    );
    await withinTime(clock, NOTE_MS, noted);
  }

  return {
    add(text) {
      add(text);
      working ??= work(takeOldest);
    },
    async end(texts) {
      texts.forEach(add);
      if (number === 0) return;
      ending = true;
      const workers = Array.from({ length: Math.min(AT_ONCE, waiting.length) }, () => work(() => waiting.pop()));
      await withinTime(clock, limits.endMs, Promise.all([working, ...workers]));
      over.abort();
      if (stored < number) await noteMissing(number - stored);
    },
  };
}
