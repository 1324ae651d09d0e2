import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { openAreas } from "./areas/open-areas.ts";

const documents = ["../README.md", "../../../packages/area-view/README.md"].map((path) =>
  readFileSync(new URL(path, import.meta.url), "utf8").replaceAll(/^```[\s\S]*?^```$/gm, ""),
);
/** Everything between backticks. */
const documented = new Set(
  documents.flatMap((text) => [...text.matchAll(/`([^`]+)`/g)].flatMap(([, code = ""]) => code.match(/\w+/g) ?? [])),
);
/** Their members are another package's, or are names of images. */
const FOREIGN = new Set(["reason", "actions"]);

function membersOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(membersOf);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => [key, ...(FOREIGN.has(key) ? [] : membersOf(member))]);
}

it("prints no member of JSON that is not documented", async () => {
  const areas = openAreas();
  areas.push("dga-network", "staging", "a".repeat(40));
  await areas.deploy("staging");
  areas.push("dga-network", "staging", "b".repeat(40));
  await areas.deploy("staging", { outcome: "failed", exitCode: 1, failure: { code: "x", message: "y", hint: null } });
  areas.promote("dga-network", "staging", "production");
  await areas.tick("production");
  await areas.control("staging", { kind: "hold", image: "dga-network", digest: null });
  await areas.tick("staging");
  await areas.control("production", { kind: "retry", image: "dga-network" });
  const commands = [
    ["status"],
    ["status", "--profile", "staging=nobody"],
    ["history"],
    ["show", "dga-network", "--area", "staging"],
    ["logs", "dga-network", "--area", "staging"],
    ["explain", "dga-network", "--area", "staging"],
    ["plan", "--area", "production"],
  ];

  const printed = await Promise.all(commands.map(async (args) => JSON.parse((await areas.run(...args, "--json")).out)));

  const undocumented = printed.flatMap(membersOf).filter((member) => !documented.has(member));
  expect([...new Set(undocumented)]).toEqual([]);
});
