import { isDeepStrictEqual } from "node:util";

/**
 * Whether two values are the same as JSON. JSON has no -0 of its own (`JSON.stringify(-0)` is 0), and a number that it
 * can not carry is the same as nothing but itself.
 */
export function isSameJson(one: unknown, other: unknown): boolean {
  return isDeepStrictEqual(normalize(one), normalize(other));
}

/**
 * Whether a value that was read says all that is written. Beyond that it may have members that are null: an older writer did
 * not know them.
 */
export function saysAllOf(read: unknown, written: unknown): boolean {
  return isSameJson(withoutUnsaid(read, written), written);
}

function withoutUnsaid(read: unknown, written: unknown): unknown {
  if (Array.isArray(read)) {
    return read.map((item, index) => withoutUnsaid(item, Array.isArray(written) ? written[index] : undefined));
  }
  if (!isObject(read) || !isObject(written)) return read;
  const said = Object.entries(read).filter(([key, value]) => value !== null || Object.hasOwn(written, key));
  return Object.fromEntries(said.map(([key, value]) => [key, withoutUnsaid(value, written[key])]));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function normalize(value: unknown): unknown {
  const text = JSON.stringify(value, (_key, item: unknown) =>
    typeof item === "number" && !Number.isFinite(item) ? `number ${item}` : item,
  );
  return text === undefined ? undefined : (JSON.parse(text) as unknown);
}
