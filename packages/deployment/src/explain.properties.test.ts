import { expect, it } from "vitest";
import { openContext } from "./context.ts";
import { explainRules } from "./explain.ts";
import type { DeploymentId } from "./identifiers.ts";
import type { Ledger } from "./ledger.ts";
import { explainTick } from "./plan-tick.ts";
import type { RuleAnswer } from "./rule.ts";
import { eventfulStory, NAMES, SLICE, story } from "./testing/story.ts";

const RULES = [
  ...["deployment", "block", "attempts", "hold", "head", "live"],
  ...["controls", "registry", "pause", "dependencies", "back-off", "freeze", "window", "group"],
];

it.each([
  ["scattered events", story],
  ["whole deployments", eventfulStory],
])("the explanation and the tick agree on %s: its plan, and the first rule that stops each image", (_, tell) => {
  tell((world, plan, before) => {
    const explained = explainTick(before, world.seen!, SLICE, new Date(world.now));

    expect(explained.plan).toEqual(plan);
    for (const name of NAMES) {
      const answers = explained.rules[name]!;
      expect(answers.map(({ rule }) => rule)).toEqual(RULES);
      expect(stopOf(answers)?.reason).toEqual(plan.reasons[name]);
    }
  });
});

it("nothing waits that no rule stops: whatever all rules let pass has been started by that very tick", () => {
  eventfulStory((world, plan, before) => {
    const { rules } = explainTick(before, world.seen!, SLICE, new Date(world.now));

    for (const name of NAMES) expect(stopOf(rules[name]!)).toBeDefined();
    expect(Object.values(plan.reasons)).not.toContainEqual({ kind: "ready" });
  });
});

it("no rule stops what a tick started, as things were when it started it", () => {
  let started = 0;
  eventfulStory((world, plan, before) => {
    for (const id of plan.launched) {
      started += 1;
      const ledger = unstart(plan.ledger, before, id);
      const { image } = ledger.deployments[id]!;
      const rules = explainRules(openContext(ledger, world.seen!, SLICE, new Date(world.now)));

      expect(rules[image]!.filter(({ kind }) => kind === "stops")).toEqual([]);
    }
  });
  expect(started).toBeGreaterThan(50);
});

function stopOf(answers: readonly RuleAnswer[]) {
  return answers.find((answer) => answer.kind === "stops");
}

/** The ledger as it was just before this deployment was started. */
function unstart(ledger: Ledger, before: Ledger, id: DeploymentId): Ledger {
  const deployment = ledger.deployments[id]!;
  const { startedBy: request, image, digest } = deployment;
  const record = ledger.images[image]!;
  // Where the controls of the tick held or paused nothing, what they allowed is what the start has used up.
  const deployNow = request === null ? (before.images[image]?.deployNow ?? null) : { digest, request };
  return {
    ...ledger,
    images: { ...ledger.images, [image]: { ...record, deployNow } },
    deployments: {
      ...ledger.deployments,
      [id]: { ...deployment, state: "waiting", launchedAt: null, startedBy: null, refresh: null },
    },
  };
}
