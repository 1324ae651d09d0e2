import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type AccountMapping, parseMapping } from "@windlass/account-mapping";
import { CliError } from "./cli-error.ts";

export interface FilePlace {
  /** Relative paths are meant from there. */
  readonly cwd: string;
}

/** Throws `CliError` `file-unreadable`. */
export function readText(path: string, { cwd }: FilePlace): string {
  try {
    return readFileSync(resolve(cwd, path), "utf8");
  } catch (cause) {
    const found = cause instanceof Error && "code" in cause ? String(cause.code) : "it can not be read";
    throw new CliError({ code: "file-unreadable", message: "the file can not be read", where: path, found, cause });
  }
}

/** Throws `CliError`, or `MappingError` with every problem of the mapping. */
export function readMapping(path: string, place: FilePlace): AccountMapping {
  return parseMapping(readText(path, place), { file: path });
}
