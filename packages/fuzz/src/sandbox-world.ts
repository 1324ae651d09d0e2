import { createSign } from "node:crypto";
import { HttpRequest } from "@smithy/protocol-http";
import { createSandbox, type Sandbox, type VirtualClock, virtualClock } from "@windlass/sandbox";
import { XMLValidator } from "fast-xml-parser";
import { promise, type Verdict } from "./target.ts";

/** One HTTP request as a test writes it down. */
export interface Envelope {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export const NOW = Date.UTC(2026, 10, 24, 9);
export const ACCOUNT = "222222222222";
export const REGION = "ap-southeast-2";

export interface SandboxWorld {
  readonly sandbox: Sandbox;
  readonly clock: VirtualClock;
  send(envelope: Envelope): Promise<Answer>;
}

export function openWorld(): SandboxWorld {
  const clock = virtualClock(NOW);
  const sandbox = createSandbox({ clock });
  return { sandbox, clock, send: (envelope) => send(sandbox, envelope) };
}

/** Null: what mutation left of it is no request. */
export function readEnvelope(text: string): Envelope | null {
  const value = parseObject(text);
  if (value === null) return null;
  const { method, body } = value;
  const path = toText(value["path"]);
  return {
    method: typeof method === "string" && /^[A-Z]{1,20}$/.test(method) ? method : "GET",
    path: `/${encodePath(path.replace(/^\//, ""))}`,
    query: textsOf(value["query"]),
    headers: Object.fromEntries(Object.entries(textsOf(value["headers"])).flatMap(toHeader)),
    body: typeof body === "string" ? body : JSON.stringify(body ?? ""),
  };
}

/** What every answer of the sandbox is like, whatever was asked. */
export function checkAnswer({ status, headers, body }: Answer, envelope: Envelope): Verdict {
  const text = body.toString("utf8");
  const type = headers["content-type"] ?? "";
  promise(!text.includes("defect of the sandbox"), "no request finds a defect of the sandbox", text);
  promise(
    Number.isInteger(status) && status >= 200 && status < 600 && status !== 500,
    "an answer has a status",
    status,
  );
  for (const [name, value] of Object.entries(headers)) {
    promise(/^[\t\x20-\x7e\x80-\xff]*$/.test(value), "an answer's headers can be sent", { name, value });
  }
  if (body.length > 0 && envelope.method !== "HEAD" && status !== 304) {
    // What is stored may be called anything: only what the sandbox itself wrote is known to be of its type.
    const own = status >= 400 || headers["etag"] === undefined;
    if (own && type.includes("json")) promise(isJson(text), "an answer in JSON is JSON", text);
    if (own && type.includes("xml")) promise(XMLValidator.validate(text) === true, "an answer in XML is XML", text);
  }
  return status < 400 ? "accepted" : "refused";
}

async function send({ requestHandler }: Sandbox, envelope: Envelope): Promise<Answer> {
  const request = new HttpRequest({ protocol: "http:", hostname: "sandbox.invalid", ...envelope });
  const { response } = await requestHandler.handle(request);
  const parts: Buffer[] = [];
  for await (const part of response.body as AsyncIterable<Uint8Array>) parts.push(Buffer.from(part));
  return { status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) };
}

/** A path as HTTP carries it. */
function encodePath(path: string): string {
  return path.toWellFormed().replaceAll(/[^\x21-\x7e]|[?#]/gu, encodeURIComponent);
}

/** HTTP carries neither line breaks nor zeros in a header, and one byte a character. */
function toHeader([name, value]: readonly [string, string]): readonly (readonly [string, string])[] {
  const kept = [...value].filter((sign) => /[\t\x20-\x7e\x80-\xff]/.test(sign)).join("");
  return /^[\w!#$%&'*+.^`|~-]+$/.test(name) ? [[name.toLowerCase(), kept]] : [];
}

function textsOf(value: unknown): Record<string, string> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, toText(item)]));
}

function toText(value: unknown): string {
  return typeof value === "string" ? value : String(JSON.stringify(value));
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The header of a request that this account signed for this service. */
export function signedFor(service: string, key = ACCOUNT): string {
  return `AWS4-HMAC-SHA256 Credential=${key}/20261124/${REGION}/${service}/aws4_request, SignedHeaders=host, Signature=${"0".repeat(64)}`;
}

/** A token of RS256 as GitHub Apps sign it, valid at `NOW`. */
export function signAppToken(appId: number, privateKey: string): string {
  const now = NOW / 1000;
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${encode({ alg: "RS256", typ: "JWT" })}.${encode({ iat: now - 30, exp: now + 500, iss: String(appId) })}`;
  return `${text}.${createSign("RSA-SHA256").update(text).sign(privateKey, "base64url")}`;
}
