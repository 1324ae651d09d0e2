import { checkDocument } from "./check-document.ts";
import { plainDocument } from "./document.ts";
import type { AccountMapping } from "./mapping.ts";

export interface MappingSource {
  /** What to call the mapping in messages; `account-mapping` by default. */
  readonly file?: string | undefined;
}

export const DEFAULT_FILE = "account-mapping";

/**
 * Reads a mapping that was parsed from JSON already, such as an area's slice. Does what `parseMapping` does, without
 * the YAML parser; problems name paths instead of lines.
 *
 * @throws MappingError `invalid-mapping`, with every problem.
 */
export function checkMapping(value: unknown, { file = DEFAULT_FILE }: MappingSource = {}): AccountMapping {
  return checkDocument(plainDocument(value), file);
}
