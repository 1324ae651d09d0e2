import { createRedactor, redactText } from "@windlass/redaction";
import { LITERAL_SEEDS } from "../seeds/literal-seeds.ts";
import { type FuzzTarget, promise, type Verdict } from "../target.ts";

/** Shorter ones are not taken for secrets: they would be found everywhere. */
const SHORTEST = 12;
const MARK = "[redacted credential]";

/** Known secrets in text that comes in pieces, as the runner's logs do: `accepted` where nothing had to be hidden. */
export const literalsTarget: FuzzTarget = {
  name: "literals",
  seeds: LITERAL_SEEDS,
  shape: "json",
  guidedBy: "packages/redaction/",
  open: () => checkPieces,
};

interface Log {
  readonly literals: readonly string[];
  readonly pieces: readonly string[];
}

function checkPieces(input: string): Verdict {
  const { literals, pieces } = readLog(input);
  const text = pieces.join("");
  const redactor = createRedactor({ literals });
  const shown = pieces.map((piece) => redactor.push(piece)).join("") + redactor.end();
  const known = literals.flatMap((literal) => literal.split(/\r?\n/)).filter(({ length }) => length >= SHORTEST);
  // Between markers: what stands in one, or begins with its end, is nothing that came in.
  const parts = shown.split(/\[redacted [^\]]*\]/);
  for (const literal of known) {
    promise(!parts.some((part) => part.includes(literal)), "no known secret is shown, however the text is cut", shown);
  }
  // What the rules do to the rest is not asked here, but that they are given all of it, and nothing of a secret.
  promise(shown === redactText(cover(text, known)), "known secrets are hidden whole, and nothing else is", shown);
  return shown === text ? "accepted" : "refused";
}

/** Character by character, so that it has nothing in common with what it checks. */
function cover(text: string, literals: readonly string[]): string {
  const isSecret = new Array<boolean>(text.length).fill(false);
  for (const literal of literals) {
    for (let at = 0; at + literal.length <= text.length; at += 1) {
      if (text.startsWith(literal, at)) isSecret.fill(true, at, at + literal.length);
    }
  }
  let shown = "";
  for (let at = 0; at < text.length; at += 1) {
    if (isSecret[at] !== true) shown += text.charAt(at);
    else if (at === 0 || isSecret[at - 1] !== true) shown += MARK;
  }
  return shown;
}

function readLog(input: string): Log {
  const { literals, pieces } = JSON.parse(input) as Record<string, unknown>;
  return { literals: [literals].flat().map(toText), pieces: [pieces].flat().map(toText) };
}

function toText(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}
