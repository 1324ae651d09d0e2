import { AwsFault } from "../core/service.ts";
import type { FormInput } from "../ec2/form-reader.ts";
import { scalingForm, validationError } from "./scaling-fault.ts";

export interface PageLimits {
  readonly size: number;
  readonly max: number;
}

/** One page of what a describe action lists, and the token for the next one. */
export function page<T>(items: readonly T[], input: FormInput, limits: PageLimits) {
  const size = scalingForm.optionalInteger(input, "MaxRecords") ?? limits.size;
  if (size < 1 || size > limits.max) throw validationError(`MaxRecords ${size} must be between 1 and ${limits.max}`);
  const token = scalingForm.optionalText(input, "NextToken");
  const start = token === undefined ? 0 : readToken(token);
  const end = start + size;
  return { items: items.slice(start, end), nextToken: end < items.length ? writeToken(end) : undefined };
}

function writeToken(start: number): string {
  return Buffer.from(`page:${start}`).toString("base64url");
}

function readToken(token: string): number {
  const match = /^page:(\d+)$/.exec(Buffer.from(token, "base64url").toString());
  if (match?.[1] === undefined) throw new AwsFault("InvalidNextToken", "The token is invalid.");
  return Number(match[1]);
}
