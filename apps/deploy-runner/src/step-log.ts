import { describeError } from "@windlass/windlass-error";
import { createLogBudget, type LogLimits } from "./log-budget.ts";
import { type PackedText, packText } from "./packed-text.ts";
import type { RunnerLog } from "./ports.ts";
import { type RunnerClock, sleep, withinTime } from "./runner-clock.ts";

/** The log of one step, on its way to the state bucket. Storing it never fails a deployment and never delays it. */
export interface StepLog {
  /** Whole lines, redacted. */
  write(text: string): void;
  /** Stores what is left, as far as that can be done in time. */
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
      for (const text of budget.end()) uploads.add(text);
      return uploads.end();
    },
  };
}

/** One segment after the other; one that can not be stored is tried again, so that there is never a gap. */
function createUploads(options: StepLogOptions): { add(text: PackedText): void; end(): Promise<void> } {
  const { clock, log, limits, put } = options;
  const waiting: PackedText[] = [];
  const over = new AbortController();
  let number = 0;
  let working: Promise<void> | undefined;

  async function work(): Promise<void> {
    for (let text = waiting[0]; text !== undefined && !over.signal.aborted; text = waiting[0]) {
      try {
        await put(number, text.unpack());
        waiting.shift();
        number += 1;
      } catch (error) {
        log.warn({ segment: number, error: describeError(error) }, "log segment not stored");
        await sleep(clock, RETRY_MS, over.signal);
      }
    }
    working = undefined;
  }

  return {
    add(text) {
      waiting.push(text);
      working ??= work();
    },
    async end() {
      if (working !== undefined) await withinTime(clock, limits.endMs, working);
      over.abort();
      if (waiting.length > 0) log.error({ segments: waiting.length }, "log incomplete: segments could not be stored");
    },
  };
}
