import { createWriteStream, mkdirSync } from "node:fs";
import { join } from "node:path";

/** A file that gets what a program writes. */
export function openLogFile(folder: string, name: string): (text: string) => void {
  mkdirSync(folder, { recursive: true });
  const stream = createWriteStream(join(folder, name));
  return (text) => void stream.write(text);
}
