/** JSON as it is written: an object may have a key twice, and a leaf is any text, so that it need not be a value. */
export type Tree =
  | { readonly kind: "object"; readonly entries: readonly (readonly [string, Tree])[] }
  | { readonly kind: "list"; readonly items: readonly Tree[] }
  | { readonly kind: "leaf"; readonly raw: string };

/** What is nested deeper is one leaf: a walk through it would be the end of the stack. */
const DEEPEST = 100;

export function toTree(value: unknown, depth = 0): Tree {
  if (typeof value !== "object" || value === null || depth === DEEPEST) return leaf(JSON.stringify(value) ?? "null");
  if (Array.isArray(value)) return { kind: "list", items: value.map((item) => toTree(item, depth + 1)) };
  return {
    kind: "object",
    entries: Object.entries(value).map(([key, item]) => [key, toTree(item, depth + 1)] as const),
  };
}

/** The tree of JSON; null where the text is none, or is nested too deep to be written again. */
export function readTree(text: string): Tree | null {
  try {
    return toTree(JSON.parse(text));
  } catch {
    return null;
  }
}

export function leaf(raw: string): Tree {
  return { kind: "leaf", raw };
}

export function writeTree(tree: Tree): string {
  switch (tree.kind) {
    case "leaf":
      return tree.raw;
    case "list":
      return `[${tree.items.map(writeTree).join(", ")}]`;
    case "object":
      return `{${tree.entries.map(([key, item]) => `${JSON.stringify(key)}: ${writeTree(item)}`).join(", ")}}`;
  }
}

/** How many nodes there are, the root included. */
export function countNodes(tree: Tree): number {
  return childrenOf(tree).reduce((sum, child) => sum + countNodes(child), 1);
}

export function nodeAt(tree: Tree, index: number): Tree {
  let rest = index;
  let node = tree;
  while (rest > 0) {
    rest -= 1;
    for (const child of childrenOf(node)) {
      const size = countNodes(child);
      if (rest < size) {
        node = child;
        break;
      }
      rest -= size;
    }
  }
  return node;
}

/** The tree with another node at this place, counted from the root down and from left to right. */
export function replaceAt(tree: Tree, index: number, change: (node: Tree) => Tree): Tree {
  if (index === 0) return change(tree);
  let rest = index - 1;
  const changed = childrenOf(tree).map((child) => {
    const at = rest;
    const size = countNodes(child);
    rest -= size;
    return at >= 0 && at < size ? replaceAt(child, at, change) : child;
  });
  if (tree.kind === "list") return { kind: "list", items: changed };
  if (tree.kind === "leaf") return tree;
  return { kind: "object", entries: tree.entries.map(([key, child], place) => [key, changed[place] ?? child]) };
}

function childrenOf(tree: Tree): readonly Tree[] {
  if (tree.kind === "leaf") return [];
  return tree.kind === "list" ? tree.items : tree.entries.map(([, item]) => item);
}
