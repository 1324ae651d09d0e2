import { describe, expect, it } from "vitest";
import type { Mishap } from "./support/faulty-calls.ts";
import { faultyTransport } from "./support/faulty-transport.ts";
import { deployGroup } from "./support/names.ts";
import { runToEnd } from "./support/runner.ts";
import { openTestArea, type TestArea } from "./support/test-area.ts";

const mishaps: readonly Mishap[] = ["dies-before", "dies-after", "fails-before", "fails-after"];
/** Far more than a deployment takes, even when it has to be launched again. */
const longestLife = 40;

interface Life {
  readonly area: TestArea;
  /** Calls of the function in its whole life. */
  readonly calls: number;
  /** How often the deployment was run. */
  readonly runs: number;
}

/** A release from its push until nothing is left to do, with one mishap on the way. */
async function live(at: number, mishap: Mishap): Promise<Life> {
  const area = openTestArea();
  const faulty = faultyTransport(at, mishap);
  let handler = area.newHandler(faulty.transport);
  let runs = 0;
  area.push("dga-network");
  for (let tick = 0; tick < longestLife && !isOver(area); tick += 1) {
    const outcome = await Promise.race([handler().catch(() => "failed"), faulty.died.then(() => "died")]);
    if (outcome === "died") handler = area.newHandler();
    await area.clock.advance(60_000);
    if (hasIdleInstance(area)) {
      await runToEnd(area);
      runs += 1;
      await area.clock.advance(60_000);
    }
  }
  return { area, calls: faulty.calls(), runs };
}

function isOver(area: TestArea): boolean {
  return area.keys("history/").length > 0 && Object.keys(area.ledger().deployments).length === 0;
}

function hasIdleInstance(area: TestArea): boolean {
  return area.group.group(deployGroup)?.instances.some(({ lifecycle }) => lifecycle === "InService") ?? false;
}

describe("a function that is cut off at any of its calls", () => {
  it.each(mishaps)("deploys exactly once when the call %s", async (mishap) => {
    const { calls } = await live(0, mishap);
    expect(calls).toBeGreaterThan(15);

    for (let at = 1; at <= calls; at += 1) {
      const { area, runs } = await live(at, mishap);

      const told = `call ${at} of ${calls} ${mishap}`;
      expect(runs, told).toBe(1);
      expect(area.deployments(), told).toMatchObject([{ state: "succeeded", attempt: 1 }]);
      expect(area.image("dga-network")?.live?.digest, told).toBe(area.image("dga-network")?.head?.digest);
      expect(area.group.group(deployGroup), told).toMatchObject({ desired: 0, instances: [] });
    }
  });
});
