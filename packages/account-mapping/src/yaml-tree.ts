import { type Alias, isAlias, isMap, isSeq, type ParsedNode, type Scalar, type YAMLMap, type YAMLSeq } from "yaml";
import { quote } from "./finding.ts";
import type { TextProblem } from "./yaml-problems.ts";

/** A value with the places of all its parts. An alias shares the parts of what it stands for. */
export interface SourceNode {
  readonly value: unknown;
  readonly offset: number;
  /** A number, true, false or null as written; null for texts, lists and objects. */
  readonly text: string | null;
  readonly children: ReadonlyMap<string, SourceChild>;
  /** Nodes below and including this one, those behind aliases counted each time. */
  readonly size: number;
}

interface SourceChild {
  readonly keyOffset: number;
  readonly node: SourceNode;
}

export interface SourceTree {
  readonly root: SourceNode;
  /** Keys that are given twice, or are no text: the rest can be checked nevertheless. */
  readonly problems: readonly TextProblem[];
  /** Aliases that stand for nothing, or for too much: the value is not what the file means. */
  readonly aliasProblems: readonly TextProblem[];
}

// Enough for any honest use of aliases, and little enough that nested ones can not fill the memory.
const MOST_ALIASED_NODES = 10_000;

interface Reader {
  readonly anchors: Map<string, SourceNode>;
  /** Anchors of nodes that are being read. */
  readonly open: Set<string>;
  readonly problems: TextProblem[];
  readonly aliasProblems: TextProblem[];
  aliasedNodes: number;
}

/** Turns the parser's nodes into plain values; a `__proto__` key stays an ordinary key. */
export function readTree(contents: ParsedNode): SourceTree {
  const reader: Reader = { anchors: new Map(), open: new Set(), problems: [], aliasProblems: [], aliasedNodes: 0 };
  const root = readNode(reader, contents, 0);
  return { root, problems: reader.problems, aliasProblems: reader.aliasProblems };
}

/** `emptyAt` is where to look for a value that takes up no room: at its key. */
function readNode(reader: Reader, node: ParsedNode | null, emptyAt: number): SourceNode {
  if (node === null) return leaf(null, emptyAt, "");
  if (isAlias(node)) return readAlias(reader, node as Alias.Parsed);
  const { anchor } = node;
  if (anchor !== undefined) reader.open.add(anchor);
  const read = readContent(reader, node, emptyAt);
  if (anchor !== undefined) {
    reader.open.delete(anchor);
    reader.anchors.set(anchor, read);
  }
  return read;
}

function readContent(reader: Reader, node: Exclude<ParsedNode, Alias.Parsed>, emptyAt: number): SourceNode {
  if (isMap(node)) return readMap(reader, node as YAMLMap.Parsed);
  if (isSeq(node)) return readSeq(reader, node as YAMLSeq.Parsed);
  return readScalar(node as Scalar.Parsed, emptyAt);
}

function readMap(reader: Reader, map: YAMLMap.Parsed): SourceNode {
  const children = new Map<string, SourceChild>();
  for (const { key, value } of map.items) {
    const keyNode = readNode(reader, key, map.range[0]);
    const name = typeof keyNode.value === "string" ? keyNode.value : keyNode.text;
    const child = { keyOffset: keyNode.offset, node: readNode(reader, value, keyNode.offset) };
    const before = name === null ? undefined : children.get(name);
    if (name === null) reader.problems.push(invalidKey(keyNode));
    else if (before !== undefined) reader.problems.push(duplicateKey(name, child, before));
    else children.set(name, child);
  }
  return branch(map.range[0], children, (values) => Object.fromEntries(values));
}

function readSeq(reader: Reader, seq: YAMLSeq.Parsed): SourceNode {
  const children = new Map<string, SourceChild>();
  for (const [index, item] of seq.items.entries()) {
    const node = readNode(reader, item, item.range[0]);
    children.set(String(index), { keyOffset: node.offset, node });
  }
  return branch(seq.range[0], children, (values) => values.map(([, value]) => value));
}

function readScalar(scalar: Scalar.Parsed, emptyAt: number): SourceNode {
  const { value, source, range } = scalar;
  const offset = range[0] === range[1] ? emptyAt : range[0];
  return leaf(value, offset, typeof value === "string" ? null : source);
}

function readAlias(reader: Reader, alias: Alias.Parsed): SourceNode {
  const [offset] = alias.range;
  const target = reader.open.has(alias.source) ? undefined : reader.anchors.get(alias.source);
  reader.aliasedNodes += target?.size ?? 0;
  if (target !== undefined && reader.aliasedNodes <= MOST_ALIASED_NODES) return { ...target, offset };
  reader.aliasProblems.push(aliasProblem(reader, alias));
  return leaf(null, offset, "");
}

function leaf(value: unknown, offset: number, text: string | null): SourceNode {
  return { value, offset, text, children: new Map(), size: 1 };
}

function branch(
  offset: number,
  children: ReadonlyMap<string, SourceChild>,
  build: (values: readonly (readonly [string, unknown])[]) => unknown,
): SourceNode {
  const value = build([...children].map(([name, { node }]) => [name, node.value] as const));
  const size = [...children.values()].reduce((sum, { node }) => sum + node.size, 1);
  return { value, offset, text: null, children, size };
}

function invalidKey({ offset, value }: SourceNode): TextProblem {
  return {
    code: "invalid-key",
    offset,
    expected: "text before the colon",
    found: Array.isArray(value) ? "a list" : "an object",
    hint: "write a name; put it in quotes where it has special signs",
  };
}

function duplicateKey(name: string, child: SourceChild, before: SourceChild): TextProblem {
  return {
    code: "duplicate-key",
    offset: child.keyOffset,
    firstOffset: before.keyOffset,
    expected: "each key once",
    found: quote(name),
    hint: "remove one of the two, or put their values together",
  };
}

function aliasProblem(reader: Reader, alias: Alias.Parsed): TextProblem {
  const found = quote(`*${alias.source}`);
  const common = { offset: alias.range[0], found };
  if (reader.open.has(alias.source)) {
    const hint = "write the value out instead";
    return { ...common, code: "alias-cycle", expected: "an alias outside of what it stands for", hint };
  }
  if (!reader.anchors.has(alias.source)) {
    const hint = `put &${alias.source} before the value that is meant`;
    return { ...common, code: "unknown-alias", expected: `an anchor &${alias.source} further up`, hint };
  }
  const hint = "write the values out instead";
  return { ...common, code: "too-many-aliases", expected: "aliases for 10,000 values at most", hint };
}
