/** Keeps the beginning and the end of a log that grows too long. */
export interface LogBudget {
  /** What may be stored now. */
  take(text: string): string;
  /** What was kept back for the end. */
  end(): readonly string[];
}

export interface LogLimits {
  /** Stored as it comes. */
  readonly headBytes: number;
  /** The newest bytes after that, stored when the step has ended. */
  readonly tailBytes: number;
}

/** Drops whole pieces, so a piece should be small against the limits. */
export function createLogBudget(limits: LogLimits): LogBudget {
  let headLeft = limits.headBytes;
  let overflowed = false;
  const tail: { readonly text: string; readonly bytes: number }[] = [];
  let tailBytes = 0;
  let leftOut = 0;

  function keepForEnd(text: string, bytes: number): void {
    tail.push({ text, bytes });
    tailBytes += bytes;
    while (tailBytes > limits.tailBytes) {
      const oldest = tail.shift();
      if (oldest === undefined) return;
      tailBytes -= oldest.bytes;
      leftOut += oldest.bytes;
    }
  }

  return {
    take(text) {
      const bytes = Buffer.byteLength(text);
      if (!overflowed && bytes <= headLeft) {
        headLeft -= bytes;
        return text;
      }
      keepForEnd(text, bytes);
      if (overflowed) return "";
      overflowed = true;
      return `[windlass: this log is long; the rest of it is stored when the step has ended]\n`;
    },
    end() {
      const kept = tail.map(({ text }) => text);
      return leftOut === 0 ? kept : [`[windlass: ${leftOut} bytes are left out here]\n`, ...kept];
    },
  };
}
