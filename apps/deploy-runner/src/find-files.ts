import { opendir } from "node:fs/promises";
import { join, relative } from "node:path";

/** What was found in a folder that may be larger than anybody wants to look through. */
export interface FoundFiles {
  /** Regular files, relative to the folder, sorted. */
  readonly files: readonly string[];
  /** False where there is more than was looked at. */
  readonly complete: boolean;
}

/** How much of a folder is looked at. */
export interface FindLimits {
  readonly deepest: number;
  readonly mostEntries: number;
  readonly mostFiles: number;
}

/** A module is small; what comes with it, such as a language's packages, may not be. */
const LIMITS: FindLimits = { deepest: 32, mostEntries: 20_000, mostFiles: 20 };

/** What init makes anew, and what git keeps: neither holds what an apply has left. */
const PASSED_OVER: ReadonlySet<string> = new Set([".terraform", ".git"]);

/** Looks for files by their name, the upper folders first. Follows no link, and goes no further than the limits. */
export async function findFiles(
  root: string,
  isWanted: (name: string) => boolean,
  limits: FindLimits = LIMITS,
): Promise<FoundFiles> {
  const found: string[] = [];
  let folders: readonly string[] = [root];
  let left = limits.mostEntries;
  for (let depth = 0; folders.length > 0; depth += 1) {
    if (depth > limits.deepest) return { files: found.toSorted(), complete: false };
    const below: string[] = [];
    for (const folder of folders) {
      for await (const entry of await opendir(folder)) {
        if (left === 0 || found.length === limits.mostFiles) return { files: found.toSorted(), complete: false };
        left -= 1;
        const path = join(folder, entry.name);
        if (entry.isDirectory() && !PASSED_OVER.has(entry.name)) below.push(path);
        else if (entry.isFile() && isWanted(entry.name)) found.push(relative(root, path));
      }
    }
    folders = below;
  }
  return { files: found.toSorted(), complete: true };
}
