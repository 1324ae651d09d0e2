import { XMLParser } from "fast-xml-parser";
import { malformedXml } from "./s3-fault.ts";

// Values stay text: a key of "007" is no number.
const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  trimValues: false,
  ignoreDeclaration: true,
});

/** A request's XML document as text, objects and lists of them. Throws `MalformedXML`. */
export function parseXml(body: Uint8Array, root: string): XmlNode {
  const text = Buffer.from(body).toString("utf8");
  // Nothing that S3 takes has a document type, and entities of one's own only do harm.
  if (text.includes("<!DOCTYPE")) throw malformedXml();
  const document = parseDocument(text)[root];
  if (document === undefined) throw malformedXml();
  return toNode(document);
}

export type XmlNode = Readonly<Record<string, unknown>>;

/** A text child; undefined where there is none. */
export function textOf(node: XmlNode, name: string): string | undefined {
  const value = node[name];
  return typeof value === "string" ? value : undefined;
}

/** The children of that name, one or many. */
export function childrenOf(node: XmlNode, name: string): readonly XmlNode[] {
  const value = node[name];
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map(toNode);
}

function parseDocument(text: string): XmlNode {
  try {
    return parser.parse(text, true) as XmlNode;
  } catch {
    throw malformedXml();
  }
}

function toNode(value: unknown): XmlNode {
  return typeof value === "object" && value !== null ? (value as XmlNode) : {};
}
