import { checkDocument } from "./check-document.ts";
import { DEFAULT_FILE, type MappingSource } from "./check-mapping.ts";
import type { AccountMapping } from "./mapping.ts";
import { readYaml } from "./read-yaml.ts";

/**
 * Reads an account mapping from YAML 1.2 or JSON.
 *
 * @throws MappingError `invalid-mapping`, with every problem and where it is in the text.
 *
 * @example
 * ```ts
 * const mapping = parseMapping(await readFile("windlass.yaml", "utf8"), { file: "windlass.yaml" });
 * ```
 */
export function parseMapping(text: string, { file = DEFAULT_FILE }: MappingSource = {}): AccountMapping {
  const { document, problems } = readYaml(text, file);
  return checkDocument(document, file, problems);
}
