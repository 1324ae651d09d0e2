import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

interface Row {
  readonly page: string;
  readonly behaviour: string;
  readonly citation: string;
  readonly test: string;
}

const rows = readdirSync(root)
  .filter((name) => name.startsWith("BEHAVIOUR"))
  .flatMap((page) => readRows(page));

function readRows(page: string): readonly Row[] {
  const lines = readFileSync(`${root}/${page}`, "utf8").split("\n");
  return lines.flatMap((line) => {
    const [before, behaviour = "", citation = "", test] = line.split("|").map((cell) => cell.trim());
    const isRow = before === "" && test !== undefined && behaviour !== "Behaviour" && !behaviour.startsWith("--");
    return isRow ? [{ page, behaviour, citation, test }] : [];
  });
}

describe("the pages of behaviour", () => {
  it("say something", () => {
    expect(rows.length).toBeGreaterThan(40);
  });

  it.each(rows.filter(({ page }) => page === "BEHAVIOUR.md"))(
    "name a document and a test that is there: $behaviour",
    ({ citation, test }) => {
      expect(citation).toMatch(/^https:\/\/(docs\.aws\.amazon\.com|smithy\.io)\/\S+$/);
      const [, file = "", name = ""] = /^`(\S+\.test\.ts)`: (.+)$/.exec(test) ?? [];
      expect(readFileSync(`${root}/${file}`, "utf8")).toContain(name);
    },
  );
});
