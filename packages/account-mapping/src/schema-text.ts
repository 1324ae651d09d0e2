import * as z from "zod";
import type { RuleName } from "./rules.ts";

export const ACCOUNT_ID = /^\d{12}$/;
const REGION = /^[a-z]{2,4}(?:-[a-z]+)+-\d{1,2}$/;

export const accountId = text("account", ACCOUNT_ID);
export const region = text("region", REGION);

/** Text that matches the pattern, or else breaks the rule once. */
export function text(name: RuleName, pattern: RegExp): z.ZodString {
  return z.string(ruled(name)).regex(pattern, { ...ruled(name), abort: true });
}

/** Options that make the rule's name the message of a schema's issues. */
export function ruled(name: RuleName): { readonly error: RuleName } {
  return { error: name };
}

/**
 * Values by name. Names are checked elsewhere against the same pattern: here a bad name would hide all that is wrong
 * with its value.
 */
export function named<Value extends z.ZodType>(
  pattern: RegExp,
  value: Value,
  name: RuleName,
): z.ZodRecord<z.ZodString, Value> {
  return z.record(z.string(), value, ruled(name)).meta({ propertyNames: { pattern: pattern.source } });
}
