import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { root, runPnpm } from "./programs.ts";

/** What is read here of a package.json. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly license?: string;
  readonly bin?: Readonly<Record<string, string>>;
  readonly engines?: Readonly<Record<string, string>>;
  readonly repository?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

export interface Tarball {
  /** In the workspace, such as `packages/deployment`. */
  readonly folder: string;
  /** The name of the file. */
  readonly file: string;
  readonly integrity: string;
  /** As it was packed. */
  readonly manifest: Manifest;
  readonly contents: readonly string[];
}

/** Packs every folder that is not private, each on its own, as a release does. Two at a time. */
export async function packWorkspace(target: string): Promise<readonly Tarball[]> {
  const folders = publishedFolders();
  const packEach = async (some: readonly string[]) => {
    for (const folder of some) await runPnpm(join(root, folder), ["pack", "--pack-destination", target]);
  };
  const middle = Math.ceil(folders.length / 2);
  await Promise.all([packEach(folders.slice(0, middle)), packEach(folders.slice(middle))]);
  return folders.map((folder) => readTarball(target, folder));
}

function publishedFolders(): readonly string[] {
  return ["packages", "apps"]
    .flatMap((kind) => readdirSync(join(root, kind)).map((name) => `${kind}/${name}`))
    .filter((folder) => existsSync(join(root, folder, "package.json")) && readManifest(folder).private !== true);
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
}

function readTarball(target: string, folder: string): Tarball {
  const { name, version } = readManifest(folder);
  const file = `${name.replace("@", "").replace("/", "-")}-${version}.tgz`;
  const bytes = readFileSync(join(target, file));
  const integrity = `sha512-${createHash("sha512").update(bytes).digest("base64")}`;
  const entries = readEntries(gunzipSync(bytes));
  const manifest = JSON.parse(entries.get("package.json") ?? "{}");
  return { folder, file, integrity, manifest, contents: [...entries.keys()].sort() };
}

/** The files of a tar archive: a header of 512 bytes, then the file, filled up to a multiple of 512. */
function readEntries(archive: Buffer): ReadonlyMap<string, string> {
  const entries = new Map<string, string>();
  for (let at = 0; at + 512 <= archive.length && archive[at] !== 0; ) {
    const text = (from: number, to: number) => archive.toString("utf8", at + from, at + to).replace(/\0.*$/s, "");
    const size = Number.parseInt(text(124, 136), 8);
    const path = `${text(345, 500)}/${text(0, 100)}`.replace(/^\/?package\//, "");
    entries.set(path, archive.toString("utf8", at + 512, at + 512 + size));
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return entries;
}
