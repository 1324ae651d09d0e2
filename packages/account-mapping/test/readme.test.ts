import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { describeProblem, onlyArea, resolveArea } from "../src/index.ts";
import { problemsInText } from "../src/testing/problems.ts";
import { area, head, slice } from "./readme-example.ts";

function readBeside(path: string): string {
  return readFileSync(new URL(path, import.meta.url), "utf8");
}

const readme = readBeside("../README.md");
const example = readBeside("./readme-example.ts");

it("shows in the README an example that does what its comments say", () => {
  expect(readme).toContain(`\`\`\`ts\n${example}\`\`\``);
  expect(area).toMatchObject({ kind: "area", name: "staging", area: { account: "333333333333" } });
  expect(head).toEqual({ repository: "dga-web", tag: "staging" });
  expect(onlyArea(slice).name).toBe("staging");
  expect(resolveArea(slice, "scratch").kind).toBe("unknown-area");
});

it("shows in the README the message that such a mistake gets", () => {
  const yaml = [
    "version: 1",
    "workload: dataGov",
    'registry: { account: "111111111111", region: ap-southeast-2 }',
    "areas:",
    "  scratch: { branch: Develop, account: 022222222222 }",
    "images: {}",
  ];

  expect(problemsInText(yaml.join("\n")).map((problem) => readme.includes(`\n${describeProblem(problem)}\n`))).toEqual([
    true,
  ]);
});
