import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { installTarballs } from "./install-tarballs.ts";
import { type Manifest, packWorkspace, type Tarball } from "./pack-workspace.ts";
import { root, runCompiler, runNode } from "./programs.ts";
import { type Example, readmeExamples } from "./readme-examples.ts";

/** Strict, and the declarations of everything installed are checked as well. */
const compilerOptions = { target: "es2022", strict: true, types: ["node"], skipLibCheck: false };

const resolutions = [
  { moduleResolution: "nodenext", module: "nodenext", outDir: "out", rootDir: "." },
  { moduleResolution: "bundler", module: "esnext", noEmit: true },
];

/** What may come along with what is shipped under the Apache License 2.0. */
const allowed = ["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BlueOak-1.0.0", "ISC", "MIT"];

let base: string;
let folder: string;
let packed: readonly Tarball[];
let examples: readonly Example[];

beforeAll(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), "windlass-tarballs-")));
  folder = join(base, "user");
  packed = await packWorkspace(join(base, "packed"));
  examples = readmeExamples(packed);
  const imported = examples.flatMap(({ imports }) => imports.filter((name) => !name.startsWith("@windlass/")));
  const beside = [...new Set(["@types/node", ...imported])];
  await installTarballs(packed, { tarballs: join(base, "packed"), folder, beside });
  await mkdir(join(folder, "examples"));
  for (const { name, code } of examples) await writeFile(join(folder, "examples", `${name}.ts`), code);
});

afterAll(() => rm(base, { recursive: true, force: true }));

it("packs the licence, the README and what is built, and nothing of the source", () => {
  for (const { folder: path, contents } of packed) {
    expect(contents, path).toEqual(expect.arrayContaining(["LICENSE", "README.md", "package.json"]));
    const others = contents.filter(
      (file) => !/^(?:LICENSE|README\.md|CHANGELOG\.md|package\.json|dist\/.+)$/.test(file),
    );
    expect(
      others.filter((file) => !file.endsWith(".schema.json")),
      path,
    ).toEqual([]);
    expect(
      contents.some((file) => file.startsWith("dist/")),
      path,
    ).toBe(true);
  }
});

it("packs exact versions in the place of workspace: and catalog:", () => {
  const versions = new Map(packed.map(({ manifest: { name, version } }) => [name, version]));
  for (const { manifest } of packed) {
    for (const [name, version] of Object.entries(manifest.dependencies ?? {})) {
      expect(version, `${manifest.name}: ${name}`).toMatch(/^\d+\.\d+\.\d+$/);
      if (name.startsWith("@windlass/")) expect(version, `${manifest.name}: ${name}`).toBe(versions.get(name));
    }
  }
});

it("has an example in the README of every library, which imports it", () => {
  const libraries = packed.filter(({ manifest }) => manifest.bin === undefined).map(({ manifest }) => manifest.name);
  const shown = examples.filter((example) => example.imports.includes(example.package));

  expect(libraries.length).toBeGreaterThan(10);
  expect([...new Set(shown.map((example) => example.package))]).toEqual(libraries);
});

it.each(resolutions)("checks the examples with the packed declarations, by $moduleResolution", async (options) => {
  const project = { compilerOptions: { ...compilerOptions, ...options }, include: ["examples"] };
  const file = `tsconfig.${options.moduleResolution}.json`;
  await writeFile(join(folder, file), JSON.stringify(project));

  const { output } = await runCompiler(folder, ["-p", file]);

  expect(output).toBe("");
});

it("runs every example", async () => {
  for (const { name } of examples) {
    const { code, output } = await runNode(folder, [`out/examples/${name}.js`]);

    expect({ name, code, output }).toEqual({ name, code: 0, output: "" });
  }
});

it("runs windlass from its tarball, without any dependency", async () => {
  const program = join(folder, "node_modules", "@windlass", "cli", "dist", "windlass.mjs");
  const mapping = join(root, "examples", "account-mapping", "windlass.yaml");

  const help = await runNode(base, [program, "--help"]);
  const validated = await runNode(base, [program, "mapping", "validate", mapping, "--json"]);

  expect(help).toMatchObject({ code: 0, output: expect.stringContaining("Usage: windlass") });
  expect(validated.code).toBe(0);
  expect(JSON.parse(validated.output)).toMatchObject({ ok: true, problems: [] });
});

it("brings the licences of all that is in the bundle of windlass", async () => {
  const dist = join(folder, "node_modules", "@windlass", "cli", "dist");

  const text = await readFile(join(dist, "THIRD-PARTY-NOTICES.txt"), "utf8");

  expect(text).toMatch(/^commander \S+ \(MIT\)$/m);
  expect(text).toMatch(/^@aws-sdk\/client-ecr \S+ \(Apache-2\.0\)$/m);
});

it("depends on nothing under a licence that nobody has looked at", async () => {
  const found = new Map<string, string>();
  for (const { manifest } of packed) await collectLicenses(join(folder, "node_modules", manifest.name), found);

  expect(found.size).toBeGreaterThan(50);
  expect([...found].filter(([, license]) => !allowed.includes(license))).toEqual([]);
});

/** Follows what is installed for a package: pnpm lays its dependencies beside it. */
async function collectLicenses(link: string, found: Map<string, string>): Promise<void> {
  const path = await realpath(link);
  if (found.has(path)) return;
  const manifest: Manifest = JSON.parse(await readFile(join(path, "package.json"), "utf8"));
  found.set(path, manifest.license ?? "none");
  const beside = manifest.name.startsWith("@") ? dirname(dirname(path)) : dirname(path);
  for (const name of Object.keys(manifest.dependencies ?? {})) await collectLicenses(join(beside, name), found);
}
