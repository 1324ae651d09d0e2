import { expect, it } from "vitest";
import { oldNodeProblem } from "../node-version.mjs";

it.each(["20.19.0", "20.20.2", "22.0.0", "24.21.0"])("accepts Node %s", (version) => {
  expect(oldNodeProblem(version)).toBeNull();
});

it.each(["20.18.3", "18.20.0"])("says what is needed on Node %s", (version) => {
  expect(oldNodeProblem(version)).toBe(`Windlass needs Node 20.19 or newer; this is Node ${version}.`);
});
