import { createLogTail } from "./log-tail.ts";
import { type PackedText, packText } from "./packed-text.ts";

/** Keeps the beginning and the end of a log that grows too long. */
export interface LogBudget {
  /** What may be stored now. */
  take(text: string): string;
  /** What was kept back for the end. */
  end(): readonly PackedText[];
}

export interface LogLimits {
  /** Stored as it comes. */
  readonly headBytes: number;
  /** The newest bytes after that, stored when the step has ended. */
  readonly tailBytes: number;
}

/** Drops whole pieces, so a piece should be small against the limits. */
export function createLogBudget(limits: LogLimits): LogBudget {
  const tail = createLogTail(limits.tailBytes);
  let headLeft = limits.headBytes;
  let overflowed = false;

  return {
    take(text) {
      const bytes = Buffer.byteLength(text);
      if (!overflowed && bytes <= headLeft) {
        headLeft -= bytes;
        return text;
      }
      tail.add(text);
      if (overflowed) return "";
      overflowed = true;
      return `[windlass: this log is long; the rest of it is stored when the step has ended]\n`;
    },
    end() {
      const kept = tail.texts();
      if (tail.leftOut === 0) return kept;
      return [packText(`[windlass: ${tail.leftOut} bytes are left out here]\n`), ...kept];
    },
  };
}
