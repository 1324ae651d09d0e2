import { describe, expect, it } from "vitest";
import { checkDocuments } from "../rules/documents.mjs";
import { checkManifests } from "../rules/manifests.mjs";
import { checkPurePackages, PURE_PACKAGES } from "../rules/pure-packages.mjs";
import { checkSourceText } from "../rules/source-text.mjs";

describe("a pure package", () => {
  it("passes with pure imports, and with a comment or a string that names what it may not use", () => {
    const problems = checkPurePackages(
      pure({ source: 'import * as z from "zod";\n// Date.now() is not pure\nconst a = "fetch";\n' }),
    );

    expect(problems).toEqual([]);
  });

  it.each([
    ['import { readFile } from "node:fs/promises";', "node:fs/promises"],
    ['import type { S3Client } from "@aws-sdk/client-s3";', "@aws-sdk/client-s3"],
    ['const store = await import("@windlass/ledger-store");', "@windlass/ledger-store"],
    ['export { pino } from "pino";', "pino"],
    ["const now = new Date();", "new Date()"],
    ["const now = Date.now();", "Date.now"],
    ["const home = process.env;", "process"],
    ["const id = crypto.randomUUID();", "crypto"],
    [`const text = \`\${Math.random()}\`;`, "Math.random"],
  ])("may not say %s", (source, found) => {
    const problems = checkPurePackages(pure({ source: `\n${source}\n` }));

    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^packages\/deployment\/src\/plan-tick\.ts:2: /);
    expect(problems[0]).toContain(found);
  });

  it("may have a key named from", () => {
    const source = 'const a = freeze["from"];\nconst b = freeze["to"];';

    expect(checkPurePackages(pure({ source }))).toEqual([]);
  });

  it("may make a date of a value that it was given", () => {
    expect(checkPurePackages(pure({ source: "const date = new Date(text);" }))).toEqual([]);
  });

  it("may not depend on a package that is not pure", () => {
    const problems = checkPurePackages(
      pure({ dependencies: { zod: "catalog:", "@windlass/ledger-store": "workspace:*" } }),
    );

    expect(problems).toEqual([
      "packages/deployment/package.json: expected only pure dependencies in a pure package, found @windlass/ledger-store",
    ]);
  });

  it("may not give up its coverage", () => {
    const repository = pure({});
    repository.files.set("packages/deployment/vitest.config.ts", "export default packageTests();");

    expect(checkPurePackages(repository)[0]).toContain("expected pure: true");
  });
});

describe("source text", () => {
  it.each([
    ["a.test.ts", "vi.mock('./x.ts');"],
    ["a.test.ts", 'it.only("x", () => {});'],
    ["index.ts", 'export * from "./x.ts";'],
    ["a.ts", "// TODO: later"],
    ["README.md", "see /home/someone/windlass"],
  ])("in %s may not say %s", (path, text) => {
    expect(checkSourceText(repositoryOf({ [path]: `${text}\n` }))[0]).toMatch(`${path}:1: `);
  });

  it("may name a path of the web or of an object", () => {
    const text = "https://example.com/home/x runs/home/x $base/tmp/x\n";

    expect(checkSourceText(repositoryOf({ "README.md": text }))).toEqual([]);
  });

  it("may have 300 lines and not one more, and a test 500", () => {
    expect(checkSourceText(repositoryOf({ "a.test.ts": "x\n".repeat(500) }))).toEqual([]);
    expect(checkSourceText(repositoryOf({ "a.test.ts": "x\n".repeat(501) }))).toHaveLength(1);
    expect(checkSourceText(repositoryOf({ "a.ts": "x\n".repeat(300) }))).toEqual([]);
    expect(checkSourceText(repositoryOf({ "a.ts": "x\n".repeat(301) }))).toEqual([
      "a.ts: expected at most 300 lines, found 301",
    ]);
  });
});

describe("manifests", () => {
  it("take third-party versions from the catalog and our own from the workspace", () => {
    const wrong = { dependencies: { zod: "4.0.0", "@windlass/deployment": "0.1.0", yaml: "catalog:" } };

    expect(checkManifests(repositoryOf({ "packages/a/package.json": JSON.stringify(wrong) }))).toHaveLength(2);
  });

  it("keep addresses out of the lockfile", () => {
    const lock = "resolution: {tarball: https://registry.example/x.tgz}\n";

    expect(checkManifests(repositoryOf({ "pnpm-lock.yaml": lock }))[0]).toContain("pnpm-lock.yaml:1: ");
  });

  it("name actions by commit and version", () => {
    const commit = "0123456789abcdef0123456789abcdef01234567";
    const workflow = `- uses: actions/a@${commit} # v1.2.3\n- uses: actions/b@v4\n- uses: actions/c@${commit}\n`;

    expect(checkManifests(repositoryOf({ ".github/workflows/ci.yml": workflow }))).toEqual([
      expect.stringContaining("ci.yml:2: "),
      expect.stringContaining("ci.yml:3: "),
    ]);
  });
});

describe("documents", () => {
  const whole = {
    "AGENTS.md": "- `packages/a`: see `README.md`\n",
    "README.md": "[a](packages/a/README.md)\n",
    "package.json": JSON.stringify({ scripts: { start: "x", bench: "x" } }),
    "turbo.json": JSON.stringify({ tasks: { build: {}, test: {} } }),
    "packages/a/package.json": "{}",
    "packages/a/README.md": "# a\n\nThis package exists so that it is here.\n",
  };

  it("pass where what they name exists", () => {
    expect(checkDocuments(repositoryOf(whole))).toEqual([]);
  });

  it.each([
    ["AGENTS.md", "`packages/gone`\n", "packages/gone"],
    ["AGENTS.md", "x\n".repeat(121), "at most 120 lines, found 121"],
    ["README.md", "[b](docs/gone.md)\n", "docs/gone.md"],
    ["packages/a/README.md", "# a\n\nA package.\n", "This package exists so"],
    ["README.md", "```sh\nnpm run gone\n```\n", "found gone"],
    ["README.md", "```sh\nnpm test\n```\n", "found test"],
    ["README.md", "```sh\nnpx pnpm turbo build gone --force\n```\n", "found gone"],
  ])("in %s may not say %j", (path, text, found) => {
    const problems = checkDocuments(repositoryOf({ ...whole, [path]: text }));

    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(found);
  });

  it.each([
    "npm start",
    "npm start --silent -- --json",
    "npm run --silent bench tick # measures",
    "npm install @windlass/a",
    "pnpm turbo build test",
    "npx pnpm --filter @windlass/a test",
    "npx pnpm install",
    "aws s3 ls",
  ])("may say %s", (command) => {
    expect(checkDocuments(repositoryOf({ ...whole, "README.md": `\`\`\`sh\n${command}\n\`\`\`\n` }))).toEqual([]);
  });
});

function repositoryOf(files: Readonly<Record<string, string>>): { files: Map<string, string> } {
  return { files: new Map(Object.entries(files)) };
}

function pure(options: { source?: string; dependencies?: Record<string, string> }): { files: Map<string, string> } {
  const packages = PURE_PACKAGES.flatMap((name) => [
    [`packages/${name}/package.json`, JSON.stringify({ dependencies: options.dependencies ?? {} })],
    [`packages/${name}/vitest.config.ts`, "export default packageTests({ pure: true });"],
  ]);
  const files = repositoryOf(Object.fromEntries(packages));
  if (options.dependencies !== undefined) {
    for (const name of PURE_PACKAGES.filter((other) => other !== "deployment")) {
      files.files.set(`packages/${name}/package.json`, "{}");
    }
  }
  files.files.set("packages/deployment/src/plan-tick.ts", options.source ?? "");
  return files;
}
