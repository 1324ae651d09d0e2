import { expect, it } from "vitest";
import { installProblem } from "../install.mjs";

it("says that the registry did not answer, after what npm said", () => {
  const problem = installProblem("npm error code ENOTFOUND\nnpm error network request failed");

  expect(problem).toContain("npm error code ENOTFOUND");
  expect(problem).toContain("the npm registry did not answer");
});

it("says which command brings a lockfile up to date", () => {
  expect(installProblem("ERR_PNPM_OUTDATED_LOCKFILE Cannot install")).toContain("npx pnpm@10.34.9 install");
});

it("repeats only the end of a long story", () => {
  const problem = installProblem(Array.from({ length: 100 }, (_, line) => `line ${line}`).join("\n"));

  expect(problem).not.toContain("line 79\n");
  expect(problem).toContain("line 80\n");
});
