import type { DeploymentId, RecordReading } from "@windlass/deployment";
import type * as z from "zod";
import type { StoredObject } from "./object-store.ts";

/** The newest schema of run records and controls that this version reads. */
const KNOWN_SCHEMA = 1;
const ISSUES_SHOWN = 5;

export type ParsedRecord<T> =
  | { readonly kind: "value"; readonly value: T }
  | { readonly kind: "invalid"; readonly problem: string };

/** Reads one JSON record. Never throws: what other programs wrote is data, and may be of another version. */
export function parseRecord<T>(text: string, schema: z.ZodType<T>): ParsedRecord<T> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const found = text.length === 0 ? "an empty object" : `${text.length} characters that do not parse`;
    return { kind: "invalid", problem: `expected JSON, found ${found}` };
  }
  const newer = newerSchema(value);
  if (newer !== null) {
    const problem = `written by a newer Windlass: expected schema ${KNOWN_SCHEMA}, found schema ${newer}`;
    return { kind: "invalid", problem };
  }
  const parsed = schema.safeParse(value);
  return parsed.success
    ? { kind: "value", value: parsed.data }
    : { kind: "invalid", problem: listIssues(parsed.error.issues) };
}

/** A stored record with its age. `check` gives the problem of a value that is in the wrong place, or null. */
export function readRecord<T>(
  object: StoredObject | null,
  schema: z.ZodType<T>,
  check: (value: T) => string | null,
): RecordReading<T> {
  if (object === null) return { kind: "absent" };
  const { ageSeconds } = object;
  const parsed = parseRecord(object.text, schema);
  if (parsed.kind === "invalid") return { ...parsed, ageSeconds };
  const problem = check(parsed.value);
  if (problem !== null) return { kind: "invalid", problem, ageSeconds };
  return { kind: "present", value: parsed.value, ageSeconds };
}

/** A record that was copied from another run says nothing about this one. */
export function belongsTo(deployment: DeploymentId) {
  return (record: { readonly deployment: DeploymentId }) =>
    record.deployment === deployment
      ? null
      : `expected a record of deployment ${deployment}, found one of ${record.deployment}`;
}

export function serializeRecord(record: unknown): string {
  return `${JSON.stringify(record, null, 2)}\n`;
}

function newerSchema(value: unknown): number | null {
  if (typeof value !== "object" || value === null || !("schema" in value)) return null;
  return typeof value.schema === "number" && value.schema > KNOWN_SCHEMA ? value.schema : null;
}

function listIssues(issues: readonly z.core.$ZodIssue[]): string {
  const shown = issues.slice(0, ISSUES_SHOWN).map((issue) => `${issue.path.join(".") || "(root)"}: ${issue.message}`);
  const more = issues.length - shown.length;
  return more > 0 ? `${shown.join("; ")}; and ${more} more` : shown.join("; ");
}
