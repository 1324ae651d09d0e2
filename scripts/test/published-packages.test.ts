import { describe, expect, it } from "vitest";
import { checkPublishedPackages } from "../rules/published-packages.mjs";

const library = {
  name: "@windlass/a",
  license: "Apache-2.0",
  repository: { type: "git", url: "git+https://github.com/windlass-deploy/windlass.git", directory: "packages/a" },
  engines: { node: ">=20.19" },
  files: ["dist"],
  exports: { ".": { types: "./dist/index.d.ts", default: "./dist/index.js" }, "./package.json": "./package.json" },
  publishConfig: { access: "public", provenance: true },
  scripts: { "lint:pkg": "publint --strict && attw --pack . --profile esm-only" },
  dependencies: { zod: "catalog:" },
};

const program = {
  ...library,
  name: "@windlass/b",
  repository: { ...library.repository, directory: "apps/b" },
  bin: { b: "./dist/b.mjs" },
  exports: { "./package.json": "./package.json" },
  scripts: { "lint:pkg": "publint --strict" },
  dependencies: undefined,
};

describe("what is published", () => {
  it("passes with everything that its users and npm need", () => {
    expect(check({})).toEqual([]);
  });

  it.each([
    ["repository", { repository: { ...library.repository, directory: "packages/b" } }],
    ["publishConfig", { publishConfig: { access: "public" } }],
    ["engines.node", { engines: {} }],
    ["files[0]", { files: ["src", "dist"] }],
    ["license", { license: "MIT" }],
    ["scripts.lint:pkg", { scripts: { "lint:pkg": "publint" } }],
  ])("may not be without %s as it is to be", (field, change) => {
    expect(check({ library: { ...library, ...change } })).toEqual([expect.stringContaining(`expected ${field} `)]);
  });

  it("may not depend on anything where it is a program, which is a bundle", () => {
    expect(check({ program: { ...program, dependencies: { zod: "catalog:" } } })).toEqual([
      expect.stringContaining("expected dependencies undefined"),
    ]);
  });

  it("has an example in its README, where it is a library", () => {
    expect(check({ readme: "# a\n" })).toEqual([
      expect.stringMatching(/^packages\/a\/README\.md: expected an example/),
    ]);
  });

  it("is tried as a tarball", () => {
    expect(check({ tried: { "@windlass/b": "workspace:*" } })).toEqual([
      expect.stringMatching(
        /^packages\/a\/package\.json: expected apps\/tarballs\/package\.json to have @windlass\/a /,
      ),
    ]);
  });
});

describe("a private package", () => {
  it("says that it is never published", () => {
    const library = { name: "@windlass/a", private: true };

    expect(check({ library, readme: "It is never published.\n" })).toEqual([]);
    expect(check({ library, readme: "It is here.\n" })).toHaveLength(1);
  });
});

interface Change {
  readonly library?: object;
  readonly program?: object;
  readonly readme?: string;
  readonly tried?: Readonly<Record<string, string>>;
}

function check(change: Change): readonly string[] {
  const tried = change.tried ?? { "@windlass/a": "workspace:*", "@windlass/b": "workspace:*" };
  const files = {
    "packages/a/package.json": JSON.stringify(change.library ?? library),
    "packages/a/README.md": change.readme ?? "# a\n\n```ts\nimport {} from '@windlass/a';\n```\n",
    "apps/b/package.json": JSON.stringify(change.program ?? program),
    "apps/tarballs/package.json": JSON.stringify({ private: true, devDependencies: tried }),
  };
  return checkPublishedPackages({ files: new Map(Object.entries(files)) });
}
