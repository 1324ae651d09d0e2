import * as z from "zod";

/**
 * Values by name. `z.record` leaves a key `__proto__` out without a word, but what can not be kept must not be dropped:
 * it is refused.
 */
export function namedRecord<T extends z.ZodType>(values: T) {
  // Without `abort`, what is checked of the whole afterwards would get values that nobody has looked at.
  const named = z.unknown().refine(hasNoPrototypeKey, { error: "expected no key __proto__", abort: true });
  return named.pipe(z.record(z.string(), values));
}

function hasNoPrototypeKey(value: unknown): boolean {
  return typeof value !== "object" || value === null || !Object.hasOwn(value, "__proto__");
}
