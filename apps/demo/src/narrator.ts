/** Tells the story on a terminal, a pipe or not at all. */
export interface Narrator {
  /** A chapter begins. */
  chapter(title: string): void;
  /** Something happened. */
  tell(line: string): void;
  /** Something that should be seen at once. */
  stress(line: string, mood: "good" | "bad"): void;
  /** What is going on right now; replaced by the next, and shown on a terminal only. */
  progress(line: string): void;
}

export interface NarratorOptions {
  readonly write: (text: string) => void;
  /** A terminal that can be written over. */
  readonly interactive: boolean;
  readonly colour: boolean;
  readonly columns?: number | undefined;
}

const CODES = { bold: 1, dim: 2, red: 31, green: 32 } as const;
const CLEAR_LINE = "\r\u001b[2K";

export function createNarrator({ write, interactive, colour, columns }: NarratorOptions): Narrator {
  const width = Math.max(40, (columns ?? 100) - 1);
  let shown = false;

  function paint(style: keyof typeof CODES, text: string): string {
    return colour ? `\u001b[${CODES[style]}m${text}\u001b[0m` : text;
  }

  function line(text: string): void {
    write(`${shown ? CLEAR_LINE : ""}${text}\n`);
    shown = false;
  }

  return {
    chapter: (title) => line(`\n${paint("bold", title)}`),
    tell: (text) => line(`  ${text}`),
    stress: (text, mood) => line(`  ${paint(mood === "good" ? "green" : "red", text)}`),
    progress(text) {
      if (!interactive) return;
      write(`${CLEAR_LINE}  ${paint("dim", text.slice(0, width - 2))}`);
      shown = true;
    },
  };
}

/** Says nothing: for `--json`. */
export function silentNarrator(): Narrator {
  const nothing = () => undefined;
  return { chapter: nothing, tell: nothing, stress: nothing, progress: nothing };
}
