import { readFileSync } from "node:fs";
import { type AccountMapping, parseMapping } from "@windlass/account-mapping";
import { InfraError } from "./infra-error.ts";

/** The mapping in this file. Throws `InfraError` `mapping-unreadable`, or a `MappingError` with all its problems. */
export function readMapping(file: string): AccountMapping {
  return parseMapping(readText(file), { file });
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new InfraError({
      code: "mapping-unreadable",
      message: "the account mapping can not be read",
      where: file,
      hint: "a path is relative to the folder in which the command was called",
      cause: error,
    });
  }
}
