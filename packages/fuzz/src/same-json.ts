import { isDeepStrictEqual } from "node:util";

/**
 * Whether two values are the same as JSON. JSON has no -0 of its own (`JSON.stringify(-0)` is 0), and a number that it
 * can not carry is the same as nothing but itself.
 */
export function isSameJson(one: unknown, other: unknown): boolean {
  return isDeepStrictEqual(normalize(one), normalize(other));
}

function normalize(value: unknown): unknown {
  const text = JSON.stringify(value, (_key, item: unknown) =>
    typeof item === "number" && !Number.isFinite(item) ? `number ${item}` : item,
  );
  return text === undefined ? undefined : (JSON.parse(text) as unknown);
}
