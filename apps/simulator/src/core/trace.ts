/** What happened, as one number that two runs of one seed must have in common, and as lines for people. */
export interface Trace {
  /** `line` is only made where somebody reads it. */
  tell(at: number, what: string): void;
  hash(): string;
  /** The last of them; all where the whole story was asked for. */
  lines(): readonly string[];
}

const KEPT = 400;

export function createTrace({ whole }: { readonly whole: boolean }): Trace {
  let low = 0x811c9dc5;
  let high = 0x12345678;
  const kept: string[] = [];
  return {
    tell(at, what) {
      const text = `${at} ${what}`;
      for (let index = 0; index < text.length; index += 1) {
        const code = text.charCodeAt(index);
        low = Math.imul(low ^ code, 0x01000193);
        high = Math.imul(high ^ code, 0x85ebca6b) ^ (low >>> 13);
      }
      kept.push(`${new Date(at).toISOString()}  ${what}`);
      if (!whole && kept.length > KEPT * 2) kept.splice(0, KEPT);
    },
    hash: () => `${(high >>> 0).toString(16).padStart(8, "0")}${(low >>> 0).toString(16).padStart(8, "0")}`,
    lines: () => kept,
  };
}
