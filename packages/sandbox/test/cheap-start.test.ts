import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const entry = fileURLToPath(new URL("../src/index.ts", import.meta.url));

/** What is loaded with the package: types are not, and neither is what `import()` names. */
function loadedWith(file: string, known: Set<string> = new Set()): ReadonlySet<string> {
  const statements = readFileSync(file, "utf8").matchAll(/^(?:import|export) (?!type )[^;]*? from "([^"]+)";/gm);
  for (const [, name = ""] of statements) {
    const target = name.startsWith(".") ? join(dirname(file), name) : name;
    if (known.has(target)) continue;
    known.add(target);
    if (name.startsWith(".")) loadedWith(target, known);
  }
  return known;
}

it("loads nothing of GitHub's description, nor what reads it and tokens, before GitHub is asked", () => {
  const loaded = [...loadedWith(entry)].map((name) => name.replace(dirname(entry), "src"));

  expect(loaded).toContain("src/github/github-gateway.ts");
  expect(loaded).toContain("fast-xml-parser");
  for (const heavy of ["src/github/github-description.ts", "src/github/description.ts", "ajv", "jose"]) {
    expect(loaded).not.toContain(heavy);
  }
});
