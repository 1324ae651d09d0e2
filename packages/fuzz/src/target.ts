/**
 * `accepted`: the reader took the input, and all that is promised of what it took was found to be so. `unread`: what is
 * left of the input is nothing that could be given to this reader, so nothing was found out about it.
 */
export type Verdict = "accepted" | "refused" | "unread";

/** Gives one input to a reader. Throws where the reader breaks a promise, whatever it is. */
export type Check = (input: string) => Verdict | Promise<Verdict>;

/** One reader, and what it must do with any input at all. */
export interface FuzzTarget {
  readonly name: string;
  /** Inputs to begin with; all of them are valid. */
  readonly seeds: readonly [string, ...string[]];
  /** `json`: an envelope that the check itself opens, and which therefore stays JSON. */
  readonly shape: "text" | "json";
  /** Part of the path of the scripts whose branches tell whether an input is a new one. */
  readonly guidedBy: string;
  /** A check with a world of its own. */
  open(): Check;
}

/** A promise that does not hold. */
export class BrokenPromise extends Error {
  override readonly name = "BrokenPromise";
}

/** Throws `BrokenPromise` unless that holds. */
export function promise(holds: boolean, what: string, found?: unknown): asserts holds {
  if (holds) return;
  throw new BrokenPromise(found === undefined ? what : `${what}; found ${shorten(found)}`);
}

function shorten(found: unknown): string {
  const text = typeof found === "string" ? found : (JSON.stringify(found) ?? String(found));
  return text.length > 400 ? `${text.slice(0, 400)}...` : text;
}
