import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { published } from "./readme-example.ts";

it("shows in the README an example that does what its last line says", () => {
  const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");

  expect(read("../README.md")).toContain(`\`\`\`ts\n${read("./readme-example.ts")}\`\`\``);
  expect(published).toEqual({ kind: "no-topic" });
});
