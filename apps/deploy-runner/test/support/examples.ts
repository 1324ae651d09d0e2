import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A folder of the repository's examples. */
export function exampleFolder(name: string): string {
  return fileURLToPath(new URL(`../../../../examples/${name}`, import.meta.url));
}

export function readExample(name: string, file: string): string {
  return readFileSync(`${exampleFolder(name)}/${file}`, "utf8");
}
