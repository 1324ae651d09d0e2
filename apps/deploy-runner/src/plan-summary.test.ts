import { describe, expect, it } from "vitest";
import { summarizePlan } from "./plan-summary.ts";

const change = (...actions: readonly string[]) => ({ address: "a.b", change: { actions, before: null, after: {} } });

describe("summarizePlan", () => {
  it("counts resources by what happens to them; a replacement is one added and one destroyed", () => {
    const plan = {
      resource_changes: [
        change("create"),
        change("create"),
        change("update"),
        change("delete"),
        change("delete", "create"),
        change("create", "delete"),
        change("no-op"),
        change("read"),
        change("forget"),
      ],
      applyable: true,
    };

    expect(summarizePlan(JSON.stringify(plan))).toEqual({ counts: { add: 4, change: 1, destroy: 3 }, empty: false });
  });

  it("takes Terraform's own word on whether there is something to apply", () => {
    const outputsOnly = { resource_changes: [], output_changes: { x: { actions: ["create"] } }, applyable: true };

    expect(summarizePlan(JSON.stringify(outputsOnly))?.empty).toBe(false);
    expect(summarizePlan(JSON.stringify({ resource_changes: [change("no-op")], applyable: false }))?.empty).toBe(true);
  });

  it.each([
    ["a resource", { resource_changes: [change("update")] }],
    ["an output", { output_changes: { x: { actions: ["delete"] } } }],
    ["an import", { resource_changes: [{ change: { actions: ["no-op"], importing: { id: "x" } } }] }],
    ["a move", { resource_changes: [{ previous_address: "a.c", change: { actions: ["no-op"] } }] }],
    ["a resource to forget", { resource_changes: [change("forget")] }],
  ])("sees by itself that %s is something to apply, where Terraform says nothing", (_what, plan) => {
    expect(summarizePlan(JSON.stringify(plan))?.empty).toBe(false);
  });

  it("sees by itself that nothing is to be applied", () => {
    const plan = { resource_changes: [change("no-op"), change("read")], output_changes: { x: { actions: ["no-op"] } } };

    expect(summarizePlan(JSON.stringify(plan))).toEqual({ counts: { add: 0, change: 0, destroy: 0 }, empty: true });
  });

  it.each(["", "not JSON", "[]", '{"resource_changes":{}}', '{"resource_changes":[{}]}'])(
    "does not understand %j, and says so",
    (text) => {
      expect(summarizePlan(text)).toBeNull();
    },
  );
});
