import { KEYS, RAW_VALUES } from "./dictionary.ts";
import { mutateText } from "./mutate-text.ts";
import type { Random } from "./random.ts";
import { countNodes, leaf, nodeAt, readTree, replaceAt, type Tree, writeTree } from "./tree.ts";

/** One change of one node; `other` is where foreign parts come from. */
export function mutateTree(tree: Tree, random: Random, other: Tree): Tree {
  return mutateFrom(0, { tree, other }, random);
}

/**
 * The same below the root: an envelope that is none any more would reach nobody. Every second time it is the body, where
 * there is one, since most of what is changed about a request's headers only makes a stranger of its sender.
 */
export function mutateBelowRoot(tree: Tree, random: Random, other: Tree): Tree {
  const entries = tree.kind === "object" ? tree.entries : [];
  const at = entries.findIndex(([name, member]) => name === "body" && writeTree(member).length > 2);
  const body = entries[at];
  if (body !== undefined && random.oneIn(2)) {
    const changed = [body[0], mutateTree(body[1], random, other)] as const;
    return { kind: "object", entries: entries.with(at, changed) };
  }
  return countNodes(tree) < 2 ? tree : mutateFrom(1, { tree, other }, random);
}

interface Parents {
  readonly tree: Tree;
  readonly other: Tree;
}

function mutateFrom(first: number, { tree, other }: Parents, random: Random): Tree {
  const index = first + random.below(countNodes(tree) - first);
  return replaceAt(tree, index, (node) => changeNode(node, random, other));
}

function changeNode(node: Tree, random: Random, other: Tree): Tree {
  if (random.oneIn(5)) return leaf(random.pick(RAW_VALUES));
  if (random.oneIn(8)) return nodeAt(other, random.below(countNodes(other)));
  switch (node.kind) {
    case "object":
      return changeObject(node, random, other);
    case "list":
      return { kind: "list", items: changeItems(node.items, random) };
    case "leaf":
      return changeLeaf(node, random, other);
  }
}

function changeObject(node: Tree & { kind: "object" }, random: Random, other: Tree): Tree {
  const { entries } = node;
  const at = random.below(entries.length);
  const entry = entries[at];
  const added = [random.pick(KEYS), nodeAt(other, random.below(countNodes(other)))] as const;
  if (entry === undefined) return { kind: "object", entries: [added] };
  switch (random.below(6)) {
    case 0:
      return { kind: "object", entries: entries.toSpliced(at, 1) };
    case 1:
      return { kind: "object", entries: [...entries, [entry[0], leaf(random.pick(RAW_VALUES))]] };
    case 2:
      return { kind: "object", entries: entries.toSpliced(at, 1, [random.pick(KEYS), entry[1]]) };
    case 3:
      return { kind: "object", entries: entries.toSpliced(at, 1, [mutateText(entry[0], random, "key"), entry[1]]) };
    case 4:
      return { kind: "object", entries: [...entries, [`${entry[0]}2`, entry[1]]] };
    default:
      return { kind: "object", entries: entries.toSpliced(at, 0, added) };
  }
}

function changeItems(items: readonly Tree[], random: Random): readonly Tree[] {
  const at = random.below(items.length);
  const item = items[at] ?? leaf("null");
  switch (random.below(3)) {
    case 0:
      return items.toSpliced(at, 1);
    case 1:
      return [...items, item];
    default:
      return items.toSpliced(at, 0, leaf(random.pick(RAW_VALUES)));
  }
}

/** A text is changed as text, and one that is JSON also as a tree: bodies and policies are JSON within JSON. */
function changeLeaf({ raw }: Tree & { kind: "leaf" }, random: Random, other: Tree): Tree {
  const value = raw.startsWith('"') ? (JSON.parse(raw) as string) : null;
  if (value === null) return leaf(mutateNumber(raw, random));
  const inner = value.startsWith("{") || value.startsWith("[") ? readTree(value) : null;
  const changed =
    inner !== null && !random.oneIn(4)
      ? writeTree(mutateTree(inner, random, random.oneIn(2) ? inner : other))
      : mutateText(value, random, writeTree(other).slice(0, 200));
  return leaf(JSON.stringify(changed));
}

function mutateNumber(raw: string, random: Random): string {
  return ["0", "-1", `${raw}0`, `${raw}.5`, `-${raw}`, `"${raw}"`, `[${raw}]`][random.below(7)] ?? raw;
}
