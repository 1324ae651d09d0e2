import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const source = fileURLToPath(new URL("../src/", import.meta.url));

/** Everything that a file of this package imports, its own files followed. */
function importsOf(file: string, seen = new Set<string>()): ReadonlySet<string> {
  for (const [, name] of readFileSync(`${source}${file}`, "utf8").matchAll(/ from "([^"]+)"/g)) {
    const target = (name as string).replace("./", "");
    if (seen.has(target)) continue;
    seen.add(target);
    if (existsSync(`${source}${target}`)) importsOf(target, seen);
  }
  return seen;
}

it("lets a bundle with checkMapping do without the YAML parser", () => {
  const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));

  expect(manifest.sideEffects).toBe(false);
  expect(importsOf("parse-mapping.ts")).toContain("yaml");
  expect(importsOf("check-mapping.ts")).toContain("zod");
  expect(importsOf("check-mapping.ts")).not.toContain("yaml");
});
