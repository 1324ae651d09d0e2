import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const owner = "@cloud-copilot/";

interface Importer {
  readonly dependencies?: object;
  readonly devDependencies?: object;
  readonly optionalDependencies?: object;
}

const lockfile = parse(readFileSync(join(root, "pnpm-lock.yaml"), "utf8")) as {
  readonly importers: Readonly<Record<string, Importer>>;
  readonly snapshots: Readonly<Record<string, Importer>>;
};

function has(dependencies: object | undefined): boolean {
  return Object.keys(dependencies ?? {}).some((name) => name.startsWith(owner));
}

describe("the independent evaluator, which is under the AGPL,", () => {
  it("is a development dependency of this package, and no dependency of any", () => {
    const importers = Object.entries(lockfile.importers);

    expect(importers.filter(([, { devDependencies }]) => has(devDependencies)).map(([name]) => name)).toEqual([
      "apps/infra",
    ]);
    expect(importers.filter(([, one]) => has(one.dependencies) || has(one.optionalDependencies))).toEqual([]);
    const others = Object.entries(lockfile.snapshots).filter(([name]) => !name.startsWith(owner));
    expect(others.filter(([, { dependencies }]) => has(dependencies)).map(([name]) => name)).toEqual([]);
  });

  it("is in no source but this test's", () => {
    const folders = ["packages", "apps"].flatMap((kind) =>
      readdirSync(join(root, kind)).map((name) => join(root, kind, name, "src")),
    );
    const sources = folders.filter((folder) => existsSync(folder)).flatMap(filesIn);

    expect(sources.length).toBeGreaterThan(300);
    expect(sources.filter((file) => readFileSync(file, "utf8").includes(owner))).toEqual([]);
  });

  it.each(["deploy-lambda", "deploy-runner"])("is not in the bundle of %s", (app) => {
    const bundles = filesIn(join(root, "apps", app, "dist")).filter((file) => file.endsWith(".mjs"));

    expect(bundles.length).toBeGreaterThan(0);
    expect(bundles.filter((file) => readFileSync(file, "utf8").includes("cloud-copilot"))).toEqual([]);
  });
});

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
