import { describe, expect, it } from "vitest";
import { ENGINE_FAILURES, type EngineFailureCode, type FailureCode } from "../src/verdict.ts";
import { readExample } from "./support/examples.ts";
import { readBlock, readDocument } from "./support/read-document.ts";

/** All of them: the compiler misses one that is not here. */
const CODES = Object.keys({
  "init-failed": 1,
  "plan-failed": 1,
  "show-failed": 1,
  "apply-failed": 1,
  "entrypoint-failed": 1,
  "state-locked": 1,
  "no-remote-backend": 1,
  "terraform-not-started": 1,
  "terraform-killed": 1,
  "out-of-memory": 1,
  "terraform-crashed": 1,
  "provider-crashed": 1,
  "state-unsaved": 1,
  timeout: 1,
  interrupted: 1,
  fenced: 1,
  displaced: 1,
  cancelled: 1,
  "runner-failed": 1,
} satisfies Record<Exclude<FailureCode, EngineFailureCode>, 1>);

describe("docs/iac-image.md", () => {
  it.each([...CODES, ...ENGINE_FAILURES])("says what to do about %s", (code) => {
    const rows = readDocument("docs/iac-image.md").match(/^\| `[^|]*\|/gm) ?? [];

    expect(rows.filter((row) => row.includes(`\`${code}\``))).toHaveLength(1);
  });

  it("shows the Dockerfile of the example", () => {
    const instructions = readExample("iac-image", "Dockerfile")
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"));

    expect(readBlock("docs/iac-image.md", "## A first image", "dockerfile").trim().split("\n")).toEqual(instructions);
  });
});
