import * as z from "zod";

/**
 * Values by name. `z.record` leaves a key `__proto__` out without a word, but what can not be kept must not be dropped:
 * it is refused.
 */
export function namedRecord<T extends z.ZodType>(values: T) {
  return z.unknown().refine(hasNoPrototypeKey, "expected no key __proto__").pipe(z.record(z.string(), values));
}

function hasNoPrototypeKey(value: unknown): boolean {
  return typeof value !== "object" || value === null || !Object.hasOwn(value, "__proto__");
}
