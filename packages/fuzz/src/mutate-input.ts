import { mutateText } from "./mutate-text.ts";
import { mutateBelowRoot, mutateTree } from "./mutate-tree.ts";
import type { Random } from "./random.ts";
import type { FuzzTarget } from "./target.ts";
import { readTree, writeTree } from "./tree.ts";

const MOST_CHANGES = 4;
const MOST_TRIES = 5;
/** What is mutated again and again would grow without end. */
const LONGEST_INPUT = 20_000;

/** A seed, or what once reached something new, with one to four changes; those that would make it too long are left out. */
export function mutateInput(target: FuzzTarget, corpus: readonly [string, ...string[]], random: Random): string {
  let text = random.oneIn(3) ? random.pick(target.seeds) : random.pick(corpus);
  for (let change = random.below(MOST_CHANGES); change >= 0; change -= 1) {
    text = mutateWithin(target.shape, { text, other: random.pick(corpus) }, random);
  }
  return text;
}

/** Text is cut; what is JSON would be none then, as with some values, so that another change is tried. */
function mutateWithin(shape: FuzzTarget["shape"], parents: Parents, random: Random): string {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const text = mutateOnce(shape, parents, random);
    if (shape === "text") return text.slice(0, LONGEST_INPUT);
    if (text.length <= LONGEST_INPUT && text !== parents.text && readTree(text) !== null) return text;
  }
  return parents.text;
}

interface Parents {
  readonly text: string;
  readonly other: string;
}

/** What is JSON is changed as a tree two times of three, and as text otherwise. */
function mutateOnce(shape: FuzzTarget["shape"], { text, other }: Parents, random: Random): string {
  const tree = readTree(text);
  if (tree !== null && (shape === "json" || !random.oneIn(3))) {
    const mutate = shape === "json" ? mutateBelowRoot : mutateTree;
    return writeTree(mutate(tree, random, readTree(other) ?? tree));
  }
  return shape === "json" ? text : mutateText(text, random, other);
}
