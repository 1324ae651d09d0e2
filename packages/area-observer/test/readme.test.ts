import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { actions, fromLedger } from "./readme-example.ts";

function readBeside(path: string): string {
  return readFileSync(new URL(path, import.meta.url), "utf8");
}

it("shows in the README an example that does what its comments say", () => {
  expect(readBeside("../README.md")).toContain(`\`\`\`ts\n${readBeside("./readme-example.ts")}\`\`\``);
  expect({ actions, fromLedger }).toEqual({ actions: [], fromLedger: ["dga-network"] });
});
