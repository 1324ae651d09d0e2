import { constants } from "node:fs";
import { chown, lstat, mkdir, open, opendir, realpath, rename, rm } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { type FoundFiles, findFiles } from "./find-files.ts";
import { RunnerError } from "./runner-error.ts";

/**
 * A directory of the host that containers write to. What is in it is not trusted: a symbolic link there could lead the
 * runner, which is root, to a file of the host's. So no link is followed, in any part of a path. No container runs while
 * the runner looks: nothing changes between a look and what follows it.
 */
export interface Volume {
  /** Replaces what is there. Makes folders on the way. Throws `volume-unreadable` where a link leads there. */
  write(name: string, content: string | Uint8Array): Promise<void>;
  /** Null where there is no regular file, or only behind a link. Throws `volume-unreadable` where it is too large. */
  read(name: string): Promise<Buffer | null>;
  /** Regular files below a folder, relative to it, sorted. Throws `volume-unreadable` where there is too much. */
  list(folder: string): Promise<readonly string[]>;
  /** Regular files anywhere, by their name; as far as it looks, which it says. */
  find(isWanted: (name: string) => boolean): Promise<FoundFiles>;
  /** Makes the folder, and removes what is in it. */
  clear(folder: string): Promise<void>;
}

const LARGEST_BYTES = 512 * 1_048_576;
/** Enough for every state that anybody keeps in a folder. */
const MOST_ENTRIES = 1_000;
const DEEPEST = 32;

export function openVolume(root: string): Volume {
  return {
    async write(name, content) {
      const path = join(root, name);
      await makeFolders(root, dirname(path));
      const temporary = `${path}.windlass`;
      await rm(temporary, { force: true, recursive: true });
      const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
      const file = await open(temporary, flags, 0o644);
      try {
        await file.writeFile(content);
        const { uid, gid } = await lstat(dirname(path));
        await file.chown(uid, gid);
      } finally {
        await file.close();
      }
      if ((await lstat(path).catch(absent))?.isDirectory()) await rm(path, { recursive: true });
      await rename(temporary, path);
    },
    read: (name) => readRegular(root, join(root, name)),
    async list(folder) {
      const start = join(root, folder);
      if (!(await isInside(root, start))) return [];
      const collected: Collected = { files: [], entries: 0 };
      await collect(collected, { start, folder: start, depth: 0 });
      return collected.files.toSorted();
    },
    find: (isWanted) => findFiles(root, isWanted),
    async clear(folder) {
      const path = join(root, folder);
      await makeFolders(root, dirname(path));
      await rm(path, { recursive: true, force: true });
      await makeFolder(path);
    },
  };
}

/** One after the other: what makes all of them at once would follow a link to where they are to be made. */
async function makeFolders(root: string, folder: string): Promise<void> {
  const parts = relative(root, folder).split(sep);
  let path = root;
  for (const part of parts.filter((one) => one !== "")) {
    path = join(path, part);
    const stats = await lstat(path).catch(absent);
    if (stats === null) await makeFolder(path);
    else if (!stats.isDirectory()) throw unreadable(relative(root, path), "a link or a file in the place of a folder");
  }
  if (!(await isInside(root, folder))) throw unreadable(relative(root, folder), "a place outside");
}

/** The image may run as somebody who is not root, and has to be able to write where the runner has written. */
async function makeFolder(path: string): Promise<void> {
  await mkdir(path);
  const { uid, gid } = await lstat(dirname(path));
  await chown(path, uid, gid);
}

async function readRegular(root: string, path: string): Promise<Buffer | null> {
  if (!(await isInside(root, dirname(path)))) return null;
  // Before it is opened: to open a device may already do something, and a pipe without a writer would hold the runner up.
  if (!(await lstat(path).catch(absent))?.isFile()) return null;
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(absent);
  if (file === null) return null;
  try {
    const stats = await file.stat();
    if (stats.size > LARGEST_BYTES) throw unreadable(relative(root, path), `${stats.size} bytes`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

interface Collected {
  readonly files: string[];
  entries: number;
}

interface Collecting {
  readonly start: string;
  readonly folder: string;
  readonly depth: number;
}

async function collect(collected: Collected, { start, folder, depth }: Collecting): Promise<void> {
  if (depth > DEEPEST) throw unreadable(relative(start, folder), `folders in each other, more than ${DEEPEST}`);
  const directory = await opendir(folder).catch(absent);
  if (directory === null) return;
  for await (const entry of directory) {
    const path = join(folder, entry.name);
    collected.entries += 1;
    if (collected.entries > MOST_ENTRIES) throw unreadable(relative(dirname(start), start), "more than that");
    if (entry.isDirectory()) await collect(collected, { start, folder: path, depth: depth + 1 });
    else if (entry.isFile()) collected.files.push(relative(start, path));
  }
}

/** Whether it is there, and no part of it below the root is a link. */
async function isInside(root: string, path: string): Promise<boolean> {
  const [real, base] = await Promise.all([realpath(path).catch(absent), realpath(root)]);
  return real !== null && real === join(base, relative(root, path)) && isBelow(base, real);
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
    message: "what is in the image's working directory can not be used",
    where,
    expected: `folders and regular files: each of at most ${LARGEST_BYTES / 1_048_576} MB, and at most ${MOST_ENTRIES} of them in a folder that is kept`,
    found,
  });
}
