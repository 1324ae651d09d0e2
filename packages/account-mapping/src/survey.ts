import { DEFAULTS } from "./defaults.ts";
import type { Path } from "./path.ts";
import { ACCOUNT_ID } from "./schema-text.ts";
import { TEMPLATE } from "./template.ts";

/** The keys of an object, whatever they hold. */
export type Fields = Readonly<Record<string, unknown>>;

/** An area or an image as the file has it, right or wrong. */
export interface Entry {
  readonly name: string;
  readonly path: Path;
  /** Empty where the entry is no object. */
  readonly fields: Fields;
}

/**
 * What the checks across the file look at. They run on files that have other problems too, so that all are reported
 * at once; whatever does not have the form that a check needs is left to the schema's findings.
 */
export interface Survey {
  /** Null where it is missing or malformed. */
  readonly registryAccount: string | null;
  /** The organization's block is there. */
  readonly reportsToGitHub: boolean;
  /** With defaults; null where a template is malformed. */
  readonly source: { readonly repository: string | null; readonly tag: string | null };
  /** The file's block for all areas. */
  readonly infra: Fields;
  readonly areas: readonly Entry[];
  readonly images: readonly Entry[];
}

export function surveyFile(value: unknown): Survey {
  const file = fieldsOf(value);
  const registryAccount = fieldsOf(file["registry"])["account"];
  const { repository = DEFAULTS.repository, tag = DEFAULTS.tag } = fieldsOf(file["source"]);
  return {
    registryAccount: textMatching(registryAccount, ACCOUNT_ID),
    reportsToGitHub: file["github"] !== undefined,
    source: { repository: textMatching(repository, TEMPLATE), tag: textMatching(tag, TEMPLATE) },
    infra: fieldsOf(file["infra"]),
    areas: entriesOf(file["areas"], ["areas"]),
    images: entriesOf(file["images"], ["images"]),
  };
}

/** The object's own keys, `__proto__` included; none where the value is no object. */
export function entriesOf(value: unknown, path: Path): readonly Entry[] {
  return Object.entries(fieldsOf(value)).map(([name, fields]) => ({
    name,
    path: [...path, name],
    fields: fieldsOf(fields),
  }));
}

/** The texts of a list, each with its index; none where the value is no list. */
export function textsOf(value: unknown): readonly (readonly [index: number, text: string])[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry, index) => (typeof entry === "string" ? [[index, entry] as const] : []));
}

export function textMatching(value: unknown, pattern: RegExp): string | null {
  return typeof value === "string" && pattern.test(value) ? value : null;
}

/** The value, where it is an object; else one without keys. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}
