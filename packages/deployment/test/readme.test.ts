import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { reasons } from "./readme-example.ts";

function readBeside(path: string): string {
  return readFileSync(new URL(path, import.meta.url), "utf8");
}

it("shows in the README an example that does what its last line says", () => {
  expect(readBeside("../README.md")).toContain(`\`\`\`ts\n${readBeside("./readme-example.ts")}\`\`\``);
  expect(reasons).toEqual(["waiting: window opens 2026-11-24T09:00+11:00"]);
});
