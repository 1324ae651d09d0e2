import { AwsFault, type PlainRequest } from "./service.ts";

/** A form-encoded call: its action, its version, and the rest as nested objects and lists. */
export interface FormCall {
  readonly action: string;
  readonly version: string;
  readonly input: Readonly<Record<string, unknown>>;
}

// A node is a value, an object or a list of what its numbers say; which one is known when all parameters are in.
interface Node {
  value: string | undefined;
  readonly children: Map<string, Node>;
}

/** Reads parameters from the body, or from the query of a GET. Throws AwsFault `MalformedQueryString`. */
export function readForm(request: PlainRequest): FormCall {
  const parameters = new URLSearchParams(request.query);
  for (const [name, value] of new URLSearchParams(Buffer.from(request.body).toString("utf8"))) {
    parameters.append(name, value);
  }
  const root = newNode();
  for (const [name, value] of parameters) {
    if (!name.startsWith("X-Amz-")) insert(root, name, value);
  }
  const { Action: action = "", Version: version = "", ...input } = toObject(root);
  return { action: textOrNothing(action), version: textOrNothing(version), input };
}

/** How a message names what a form gave: a structure has no text of its own. */
export function describeFormValue(value: unknown): string {
  return typeof value === "string" ? value : "structure";
}

function textOrNothing(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function insert(root: Node, name: string, value: string): void {
  let node = root;
  for (const segment of name.split(".")) {
    const child = node.children.get(segment) ?? newNode();
    node.children.set(segment, child);
    node = child;
  }
  if (node.value !== undefined) throw new AwsFault("MalformedQueryString", `${name} is given twice`);
  node.value = value;
}

function newNode(): Node {
  return { value: undefined, children: new Map() };
}

function toValue(node: Node, name: string): unknown {
  if (node.children.size === 0) return node.value ?? "";
  // An empty list is sent as `X=` beside nothing; a value beside members is neither.
  if (node.value !== undefined && node.value !== "") {
    throw new AwsFault("MalformedQueryString", `${name} is both a value and a structure`);
  }
  const only = node.children.size === 1 ? node.children.get("member") : undefined;
  if (only !== undefined && isList(only)) return toList(only, name);
  return isList(node) ? toList(node, name) : toObject(node);
}

function isList(node: Node): boolean {
  return node.children.size > 0 && [...node.children.keys()].every((key) => /^\d+$/.test(key));
}

function toList(node: Node, name: string): unknown[] {
  const entries = [...node.children].sort(([left], [right]) => Number(left) - Number(right));
  return entries.map(([index, child]) => toValue(child, `${name}.${index}`));
}

function toObject(node: Node): Record<string, unknown> {
  const object: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [name, child] of node.children) object[name] = toValue(child, name);
  return object;
}
