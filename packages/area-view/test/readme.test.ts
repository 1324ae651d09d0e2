import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { lines, perDay } from "./readme-example.ts";

function readBeside(path: string): string {
  return readFileSync(new URL(path, import.meta.url), "utf8");
}

it("shows in the README an example that does what its comments say", () => {
  expect(readBeside("../README.md")).toContain(`\`\`\`ts\n${readBeside("./readme-example.ts")}\`\`\``);
  expect({ lines, perDay }).toEqual({ lines: ["dga-network: no image carries this area's tag"], perDay: 0 });
});
