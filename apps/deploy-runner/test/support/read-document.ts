import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The root, which is where a reader types commands. */
export const repository = fileURLToPath(new URL("../../../../", import.meta.url));

export function readDocument(path: string): string {
  return readFileSync(join(repository, path), "utf8");
}

/** The first fenced block of that language after a heading. */
export function readBlock(path: string, heading: string, language: string): string {
  const [, section = ""] = readDocument(path).split(`\n${heading}\n`);
  const [, block] = new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, "m").exec(section) ?? [];
  if (block === undefined) throw new Error(`${path} has no ${language} after "${heading}"`);
  return block;
}

/** Every command in the shell blocks of a document, in order; one that goes on over several lines is one command. */
export function listCommands(path: string): readonly string[] {
  return [...readDocument(path).matchAll(/^```sh\n([\s\S]*?)^```/gm)]
    .flatMap(([, block = ""]) => block.split(/(?<!\\)\n/))
    .filter((command) => command.trim() !== "" && !command.startsWith("#"));
}
