import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { problemOf } from "./parse-command.ts";

const runbook = readFileSync(new URL("../../../docs/operations.md", import.meta.url), "utf8");
const alarms = readFileSync(new URL("../../infra/src/area/alarms.ts", import.meta.url), "utf8");

/** Whole lines of `sh` blocks, and what a table calls a command. */
const commands = [
  ...[...runbook.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = ""]) => block.trim().split("\n")),
  ...runbook
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .flatMap((line) => [...line.matchAll(/`(windlass [^`]+)`/g)].map(([, command = ""]) => command)),
];
const outcomes = ["failed", "lost", "never-started", "state-unsaved", "unknown", "superseded", "cancelled"];
const headings = [...runbook.matchAll(/^### (.+)$/gm)].map(([, heading]) => heading);

describe("the runbook", () => {
  it.each([...new Set(commands)])("has commands that are there: %s", async (command) => {
    expect(await problemOf(command)).toBeNull();
  });

  it("says what to do after each outcome and for each alarm", () => {
    const names = [...alarms.matchAll(/^ {8}name: "([a-z-]+)",$/gm)].map(([, name]) => name);

    expect(names).toHaveLength(6);
    expect(headings).toEqual([...outcomes, ...names]);
  });

  it("has commands under each of them", () => {
    const sections = runbook.split(/^### /m).slice(1);

    expect(sections.filter((section) => !section.includes("```sh\nwindlass "))).toEqual([]);
  });
});
