import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { line } from "./readme-example.ts";

function readBeside(path: string): string {
  return readFileSync(new URL(path, import.meta.url), "utf8");
}

it("shows in the README an example that does what its last line says", () => {
  const example = readBeside("./readme-example.ts");

  expect(readBeside("../README.md")).toContain(`\`\`\`ts\n${example}\`\`\``);
  expect(example.trimEnd().split("\n").at(-1)).toBe(`// ${line}`);
});
