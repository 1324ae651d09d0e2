import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { userData } from "./readme-example.ts";

function readBeside(path: string): string {
  return readFileSync(new URL(path, import.meta.url), "utf8");
}

it("shows in the README an example that does what it says", () => {
  expect(readBeside("../README.md")).toContain(`\`\`\`ts\n${readBeside("./readme-example.ts")}\`\`\``);
  expect(userData.startsWith("#!/bin/bash\n")).toBe(true);
});
