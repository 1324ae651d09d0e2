import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { findings } from "./readme-example.ts";

function readBeside(path: string): string {
  return readFileSync(new URL(path, import.meta.url), "utf8");
}

it("shows in the README an example that does what it says", () => {
  const example = readBeside("./readme-example.ts");

  expect(readBeside("../README.md")).toContain(`\`\`\`ts\n${example}\`\`\``);
  expect(example).toContain(`// findings[0].code: "${findings[0]?.code}"`);
});
