import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { INVARIANTS } from "./invariants.ts";

it("lists the invariants that the document tells, and no others", () => {
  const text = readFileSync(new URL("../../../../docs/simulation.md", import.meta.url), "utf8");
  const told = [...text.matchAll(/^\| ([SLX]\d+) \|/gm)].map(([, id]) => id);

  expect(told).toEqual([...INVARIANTS]);
});
