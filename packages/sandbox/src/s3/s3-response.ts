import type { PlainResponse } from "../core/service.ts";
import { escapeXml, writeMembers, xmlDeclaration } from "../core/xml.ts";

const namespace = ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';
const noBody = new Uint8Array(0);

/** An XML answer; lists repeat their element. */
export function xmlAnswer(root: string, members: Readonly<Record<string, unknown>>, headers = {}): PlainResponse {
  return xmlText(`<${root}${namespace}>${writeMembers(members, "repeated")}</${root}>`, headers);
}

/** An XML answer whose root is a text. */
export function xmlTextAnswer(root: string, text: string): PlainResponse {
  return xmlText(`<${root}${namespace}>${escapeXml(text)}</${root}>`, {});
}

export function emptyAnswer(status: number, headers: Readonly<Record<string, string>> = {}): PlainResponse {
  return { status, headers, body: noBody };
}

/** `2026-11-24T09:00:00.000Z`: S3 keeps whole seconds and writes the zeros. */
export function isoSeconds(ms: number): string {
  return new Date(Math.floor(ms / 1000) * 1000).toISOString();
}

/** `Tue, 24 Nov 2026 09:00:00 GMT`: whole seconds. */
export function httpDate(ms: number): string {
  return new Date(ms).toUTCString();
}

export function quote(etag: string): string {
  return `"${etag}"`;
}

function xmlText(text: string, headers: Readonly<Record<string, string>>): PlainResponse {
  const body = Buffer.from(xmlDeclaration + text);
  return { status: 200, headers: { "content-type": "application/xml", ...headers }, body };
}
