import { AwsFault } from "../core/service.ts";

export type SnsInput = Readonly<Record<string, unknown>>;

export function textOf(input: SnsInput, name: string): string | undefined {
  const value = input[name];
  if (value === undefined || typeof value === "string") return value;
  throw invalidSns(`${name} is a structure`);
}

/** The entries of a map, which stay a list on the wire; none where it is empty or not given. */
export function entriesOf(input: SnsInput, name: string): readonly unknown[] {
  const value = input[name];
  if (value === undefined || value === "") return [];
  const entries = typeof value === "object" && value !== null && "entry" in value ? value.entry : undefined;
  if (Array.isArray(entries)) return entries;
  throw invalidSns(`${name} is no map`);
}

/** https://docs.aws.amazon.com/sns/latest/api/CommonErrors.html */
export function invalidSns(what: string): AwsFault {
  return new AwsFault("InvalidParameter", `Invalid parameter: ${what}`);
}
