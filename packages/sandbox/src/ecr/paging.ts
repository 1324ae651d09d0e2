import { invalidParameter } from "./ecr-fault.ts";
import { optionalText, wholeNumber } from "./ecr-input.ts";

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextToken: string | undefined;
}

/** 100 results on a page by default, 1,000 at most (service model, `MaxResults`). */
export function page<T>(items: readonly T[], input: Readonly<Record<string, unknown>>): Page<T> {
  const size = wholeNumber(input, "maxResults", { min: 1, max: 1000 }) ?? 100;
  const start = readToken(optionalText(input, "nextToken"));
  const end = start + size;
  return { items: items.slice(start, end), nextToken: end < items.length ? writeToken(end) : undefined };
}

/** Neither goes with a request that names what it wants. */
export function refusePaging(input: Readonly<Record<string, unknown>>, because: string): void {
  for (const name of ["nextToken", "maxResults"])
    if (input[name] !== undefined) throw invalidParameter(name, `cannot be used with ${because}`);
}

function writeToken(start: number): string {
  return Buffer.from(`page:${start}`).toString("base64url");
}

function readToken(token: string | undefined): number {
  if (token === undefined) return 0;
  const match = /^page:(\d+)$/.exec(Buffer.from(token, "base64url").toString());
  if (match?.[1] === undefined) throw invalidParameter("nextToken", "Invalid token");
  return Number(match[1]);
}
