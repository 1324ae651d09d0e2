import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { parse, stringify } from "yaml";
import type { Tarball } from "./pack-workspace.ts";
import { root, runPnpm } from "./programs.ts";

interface Importer {
  readonly dependencies?: Resolutions;
  readonly devDependencies?: Resolutions;
}

type Resolutions = Readonly<Record<string, { readonly specifier: string; readonly version: string }>>;

interface Lockfile {
  readonly lockfileVersion: string;
  readonly settings: object;
  readonly importers: Readonly<Record<string, Importer>>;
  readonly packages: Readonly<Record<string, object>>;
  readonly snapshots: Readonly<Record<string, object>>;
}

export interface Installation {
  /** Where the tarballs lie. */
  readonly tarballs: string;
  /** Where they go: a folder without a workspace around it. */
  readonly folder: string;
  /** What a user would install beside them, such as a client that a package takes. */
  readonly beside: readonly string[];
}

/**
 * Installs tarballs with pnpm. Everything third-party is what the workspace's lockfile says, so that its store has it and
 * no registry is asked for more than is missing there. Nothing is hoisted: a package that imports what it does not list fails.
 */
export async function installTarballs(packed: readonly Tarball[], installation: Installation): Promise<void> {
  const { folder, beside } = installation;
  const lockfile: Lockfile = parse(readFileSync(join(root, "pnpm-lock.yaml"), "utf8"));
  const ours = Object.fromEntries(packed.map((tarball) => [tarball.manifest.name, placeOf(installation, tarball)]));
  const theirs = Object.fromEntries(beside.map((name) => [name, versionOf(lockfile, name)]));
  const dependencies = { ...ours, ...theirs };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, ".npmrc"), "hoist=false\n");
  await writeFile(
    join(folder, "package.json"),
    JSON.stringify({ name: "user", private: true, type: "module", dependencies: withoutPeers(dependencies) }),
  );
  const locked = lockTarballs(lockfile, packed, { ours, dependencies });
  await writeFile(join(folder, "pnpm-lock.yaml"), stringify(locked, { aliasDuplicateObjects: false }));
  await runPnpm(folder, ["install", "--ignore-workspace", "--frozen-lockfile", "--prefer-offline", "--ignore-scripts"]);
}

/** The workspace's lockfile, with tarballs in the place of its links. */
function lockTarballs(
  { lockfileVersion, settings, importers, packages, snapshots }: Lockfile,
  packed: readonly Tarball[],
  { ours, dependencies }: { readonly ours: Versions; readonly dependencies: Versions },
): object {
  const key = ({ manifest: { name } }: Tarball) => `${name}@${ours[name]}`;
  const wanted = Object.entries(dependencies).map(([name, version]) => [
    name,
    { specifier: withoutPeers({ [name]: version })[name], version },
  ]);
  return {
    lockfileVersion,
    settings,
    importers: { ".": { dependencies: Object.fromEntries(wanted) } },
    packages: {
      ...packages,
      ...Object.fromEntries(
        packed.map((tarball) => [
          key(tarball),
          {
            resolution: { integrity: tarball.integrity, tarball: ours[tarball.manifest.name] },
            version: tarball.manifest.version,
            ...(tarball.manifest.bin === undefined ? {} : { hasBin: true }),
          },
        ]),
      ),
    },
    snapshots: {
      ...snapshots,
      ...Object.fromEntries(
        packed.map((tarball) => [
          key(tarball),
          { dependencies: lockedDependencies(importers[tarball.folder]?.dependencies ?? {}, ours) },
        ]),
      ),
    },
  };
}

type Versions = Readonly<Record<string, string>>;

function lockedDependencies(dependencies: Resolutions, ours: Versions): Versions {
  return Object.fromEntries(Object.entries(dependencies).map(([name, { version }]) => [name, ours[name] ?? version]));
}

function placeOf({ folder, tarballs }: Installation, { file }: Tarball): string {
  return `file:${posix.join(posix.relative(folder, tarballs), file)}`;
}

/** Whichever of the workspace's folders has it: the catalog has one version of everything. */
function versionOf({ importers }: Lockfile, name: string): string {
  const all = Object.values(importers).map(({ dependencies, devDependencies }) => ({
    ...devDependencies,
    ...dependencies,
  }));
  const version = all.find((one) => one[name] !== undefined)?.[name]?.version;
  if (version === undefined) throw new Error(`expected ${name}, which an example imports, in pnpm-lock.yaml`);
  return version;
}

/** A lockfile adds the peers that a version was resolved with: `8.1.1(@octokit/core@7.0.8)`. */
function withoutPeers(versions: Versions): Versions {
  return Object.fromEntries(Object.entries(versions).map(([name, version]) => [name, version.replace(/\(.*$/, "")]));
}
