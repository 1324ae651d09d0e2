import { PIECES } from "./dictionary.ts";
import type { Random } from "./random.ts";

type TextMutation = (text: string, random: Random, other: string) => string;

const MUTATIONS: readonly [TextMutation, ...TextMutation[]] = [
  (text, random) => replaceSpan(text, spanOf(text, random, 1), flipBits(text, random)),
  (text, random) => replaceSpan(text, spanOf(text, random, 30), ""),
  (text, random) => insert(text, random, random.pick(PIECES)),
  (text, random) => insert(text, random, random.pick(PIECES)),
  (text, random) => text.slice(0, random.below(text.length + 1)),
  (text, random) => insert(text, random, cutOut(text, spanOf(text, random, 60))),
  (text, random, other) => insert(text, random, cutOut(other, spanOf(other, random, 120))),
  (text, random, other) => text.slice(0, random.below(text.length + 1)) + other.slice(random.below(other.length + 1)),
  (text, random) => changeLines(text, random),
  (text, random) => changeNumber(text, random),
];

/** One change of the text, without regard to what it means. */
export function mutateText(text: string, random: Random, other: string): string {
  return random.pick(MUTATIONS)(text, random, other);
}

interface Span {
  readonly start: number;
  readonly end: number;
}

function spanOf(text: string, random: Random, longest: number): Span {
  const start = random.below(text.length + 1);
  return { start, end: start + 1 + random.below(longest) };
}

function cutOut(text: string, { start, end }: Span): string {
  return text.slice(start, end);
}

function replaceSpan(text: string, { start, end }: Span, instead: string): string {
  return text.slice(0, start) + instead + text.slice(end);
}

function insert(text: string, random: Random, piece: string): string {
  const at = random.below(text.length + 1);
  return text.slice(0, at) + piece + text.slice(at);
}

function flipBits(text: string, random: Random): string {
  const code = text.length === 0 ? 32 : text.charCodeAt(random.below(text.length));
  return String.fromCharCode(code ^ (1 << random.below(8)));
}

/** Lines carry structure in YAML, in logs and in manifests: one is left out, said twice, moved or indented. */
function changeLines(text: string, random: Random): string {
  const lines = text.split("\n");
  const at = random.below(lines.length);
  const line = lines[at] ?? "";
  const to = random.below(lines.length);
  switch (random.below(4)) {
    case 0:
      return lines.toSpliced(at, 1).join("\n");
    case 1:
      return lines.toSpliced(to, 0, line).join("\n");
    case 2:
      return lines.toSpliced(at, 1, `  ${line}`).join("\n");
    default:
      return lines.toSpliced(at, 1).toSpliced(to, 0, line).join("\n");
  }
}

function changeNumber(text: string, random: Random): string {
  const numbers = [...text.matchAll(/\d+/g)];
  const found = numbers[random.below(numbers.length)];
  if (found === undefined) return text;
  const instead =
    ["0", "-1", "1e9", String(Number(found[0]) + 1), `0${found[0]}`, `${found[0]}0`][random.below(6)] ?? "";
  return replaceSpan(text, { start: found.index, end: found.index + found[0].length }, instead);
}
