import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

interface Row {
  readonly behaviour: string;
  readonly citation: string;
  readonly test: string;
}

const pages = ["BEHAVIOUR.md", "BEHAVIOUR-github.md", "BEHAVIOUR-registry.md"];
const rows = pages.flatMap((page) => readFileSync(`${root}/${page}`, "utf8").split("\n").flatMap(readRow));

function readRow(line: string): readonly Row[] {
  const [before, behaviour = "", citation = "", test] = line.split("|").map((cell) => cell.trim());
  const isRow = before === "" && test !== undefined && behaviour !== "Behaviour" && !behaviour.startsWith("--");
  return isRow ? [{ behaviour, citation, test }] : [];
}

describe("the page of behaviour", () => {
  it("says something", () => {
    expect(rows.length).toBeGreaterThan(40);
  });

  it.each(rows)("names a document and a test that is there: $behaviour", ({ citation, test }) => {
    expect(citation).toMatch(/^https:\/\/(docs\.aws\.amazon\.com|smithy\.io|docs\.github\.com|github\.com)\/\S+$/);
    const [, file = "", name = ""] = /^`(\S+\.test\.ts)`: (.+)$/.exec(test) ?? [];
    expect(readFileSync(`${root}/${file}`, "utf8")).toContain(name);
  });
});
