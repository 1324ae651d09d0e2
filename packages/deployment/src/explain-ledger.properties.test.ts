import { expect, it } from "vitest";
import { explainLedger } from "./explain-ledger.ts";
import type { Reason } from "./reason.ts";
import { eventfulStory, NAMES, SLICE, story } from "./testing/story.ts";

/** Whether a group is free is not in the ledger. */
const NOT_IN_THE_LEDGER: ReadonlySet<Reason["kind"]> = new Set(["waiting-group", "ready"]);

it.each([
  ["scattered events", story],
  ["whole deployments", eventfulStory],
])("the ledger tells of %s what the tick that left it said, wherever it could read every head", (_, tell) => {
  let compared = 0;
  tell((world, plan) => {
    const { controls, heads } = world.seen!;
    if (Object.values(heads).some(({ kind }) => kind === "unreadable")) return;
    const told = explainLedger(plan.ledger, controls, SLICE, new Date(world.now));
    for (const name of NAMES) {
      const [said, heard] = [plan.reasons[name]!, told[name]!];
      if (NOT_IN_THE_LEDGER.has(said.kind) || NOT_IN_THE_LEDGER.has(heard.kind)) continue;
      compared += 1;
      expect(heard).toEqual(said);
    }
  });
  expect(compared).toBeGreaterThan(1000);
});
