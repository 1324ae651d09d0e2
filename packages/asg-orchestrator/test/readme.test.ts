import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { seen } from "./readme-example.ts";

it("shows in the README an example that does what its last line says", () => {
  const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");
  const example = read("./readme-example.ts");

  expect(read("../README.md")).toContain(`\`\`\`ts\n${example}\`\`\``);
  expect(example.trimEnd().split("\n").at(-1)).toBe(`// ${JSON.stringify(seen).replaceAll(",", ", ")}`);
});
