import { expect, it } from "vitest";
import { drawScenario, type ImagePlan, type Scenario } from "../core/scenario.ts";
import type { Violation } from "../core/violation.ts";
import type { Answer } from "./job.ts";
import { minimize } from "./minimize.ts";

const image = (number: number, after: readonly string[] = []): ImagePlan => ({
  name: `img-${number}`,
  kind: "terraform",
  after,
  retries: 0,
  timeoutMinutes: 10,
  state: "managed",
  entrypoint: false,
  bad: 0,
});

const LARGE: Scenario = {
  ...drawScenario(1),
  days: 14,
  images: [image(0), image(1, ["img-0"]), image(2, ["img-1"])],
  freezes: [{ from: "2027-01-01", to: "2027-01-02", reason: "a freeze" }],
  rates: { "reply-lost": 1, "call-slow": 1, "call-fails": 1, "tick-late": 2, "clock-skew": 1 },
  github: true,
  releases: 9,
  controls: 6,
};

it("takes away all that the violation does not need", async () => {
  const failing = answerTo(LARGE);
  const told: string[] = [];

  const smallest = await minimize(
    failing,
    async (scenario) => answerTo(scenario),
    (line) => told.push(line),
  );

  expect(smallest.scenario).toMatchObject({ days: 1, github: false, controls: 0, freezes: [], releases: 1 });
  expect(smallest.scenario.rates).toEqual({ "reply-lost": 1, "tick-late": 2 });
  expect(smallest.scenario.images).toEqual([image(1)]);
  expect(told).toContain("without img-0: still S1, in 100 steps");
});

it("keeps what violates something else for another day", async () => {
  const failing = answerTo(LARGE);
  const other = (scenario: Scenario): Answer => ({ ...answerTo(scenario, "S2"), scenario });

  const smallest = await minimize(
    failing,
    async (scenario) => other(scenario),
    () => {},
  );

  expect(smallest).toBe(failing);
});

/** A product that fails wherever a reply is lost, a tick is late, and img-1 is there. */
function answerTo(scenario: Scenario, invariant: Violation["invariant"] = "S1"): Answer {
  const { rates, images } = scenario;
  const fails = rates["reply-lost"] === 1 && rates["tick-late"] === 2 && images.some(({ name }) => name === "img-1");
  const violation: Violation = { invariant, at: "2027-01-01T00:00:00.000Z", step: 7, message: "two at once" };
  return {
    scenario,
    secondHash: null,
    ms: 1,
    result: {
      seed: scenario.seed,
      mode: scenario.mode,
      hash: "00",
      violation: fails ? violation : null,
      simulatedMs: 1,
      steps: 100,
      stats: { calls: 1, deployments: 0, refreshes: 0, ticks: 0, idleTicks: 0, failedTicks: 0, runners: 0, applies: 0 },
      fired: {},
      checked: {},
      story: [],
    },
  };
}
