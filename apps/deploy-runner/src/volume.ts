import { constants } from "node:fs";
import { chown, lstat, mkdir, open, readdir, realpath, rename, rm } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { RunnerError } from "./runner-error.ts";

/**
 * A directory of the host that containers write to. What is in it is not trusted: a symbolic link there could lead the
 * runner, which is root, to a file of the host's. So no link is followed, in any part of a path.
 */
export interface Volume {
  /** Replaces what is there. Makes folders on the way. */
  write(name: string, content: string | Uint8Array): Promise<void>;
  /** Null where there is no regular file, or only behind a link. Throws `volume-unreadable` where it is too large. */
  read(name: string): Promise<Buffer | null>;
  /** Regular files below a folder, relative to it, sorted. */
  list(folder: string): Promise<readonly string[]>;
  /** Makes the folder, and removes what is in it. */
  clear(folder: string): Promise<void>;
}

const LARGEST_BYTES = 512 * 1_048_576;
/** Enough for every state that anybody keeps in a folder; a loop of links can not come up. */
const MOST_FILES = 1_000;

export function openVolume(root: string): Volume {
  return {
    async write(name, content) {
      const path = join(root, name);
      await mkdir(dirname(path), { recursive: true });
      await requireInside(root, dirname(path));
      const temporary = `${path}.windlass`;
      await rm(temporary, { force: true, recursive: true });
      const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
      const file = await open(temporary, flags, 0o644);
      try {
        await file.writeFile(content);
      } finally {
        await file.close();
      }
      await takeOwner(dirname(path), temporary);
      await rename(temporary, path);
    },
    read: (name) => readRegular(root, join(root, name)),
    async list(folder) {
      const start = join(root, folder);
      if (!(await isInside(root, start))) return [];
      const found: string[] = [];
      await collect(start, start, found);
      return found.toSorted();
    },
    async clear(folder) {
      const path = join(root, folder);
      await requireInside(root, dirname(path));
      await rm(path, { recursive: true, force: true });
      await mkdir(path);
      const { uid, gid } = await lstat(dirname(path));
      await chown(path, uid, gid);
    },
  };
}

async function readRegular(root: string, path: string): Promise<Buffer | null> {
  if (!(await isInside(root, dirname(path)))) return null;
  // Not blocking: a named pipe without a writer would hold the runner up for ever.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(path, flags).catch(absent);
  if (file === null) return null;
  try {
    const stats = await file.stat();
    if (!stats.isFile()) return null;
    if (stats.size > LARGEST_BYTES) throw unreadable(relative(root, path), `${stats.size} bytes`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

async function collect(start: string, folder: string, found: string[]): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(absent);
  for (const entry of entries ?? []) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await collect(start, path, found);
    else if (entry.isFile()) found.push(relative(start, path));
    if (found.length > MOST_FILES) throw unreadable(start, `more than ${MOST_FILES} files`);
  }
}

/** The image may run as somebody who is not root, and has to be able to write what the runner has put there. */
async function takeOwner(folder: string, path: string): Promise<void> {
  const { uid, gid } = await lstat(folder);
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    await file.chown(uid, gid);
  } finally {
    await file.close();
  }
}

async function isInside(root: string, path: string): Promise<boolean> {
  const [real, base] = await Promise.all([realpath(path).catch(absent), realpath(root)]);
  return real !== null && real === join(base, relative(root, path)) && isBelow(base, real);
}

async function requireInside(root: string, path: string): Promise<void> {
  if (!(await isInside(root, path))) throw unreadable(relative(root, path), "a symbolic link");
}

function isBelow(base: string, path: string): boolean {
  return path === base || path.startsWith(base + sep);
}

function absent(error: unknown): null {
  const code = error instanceof Error && "code" in error ? error.code : null;
  if (code === "ENOENT" || code === "ENOTDIR" || code === "ELOOP" || code === "ENXIO") return null;
  throw error;
}

function unreadable(where: string, found: string): RunnerError {
  return new RunnerError({
    code: "volume-unreadable",
    message: "what Terraform has left in its working directory can not be used",
    where,
    expected: `a regular file of at most ${LARGEST_BYTES / 1_048_576} MB, and at most ${MOST_FILES} of them`,
    found,
  });
}
