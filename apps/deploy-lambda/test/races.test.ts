import { describe, expect, it } from "vitest";
import { interleave } from "./support/interleaving.ts";
import { deployGroup } from "./support/names.ts";
import { bootedRunner, runToEnd } from "./support/runner.ts";
import { openTestArea, type TestArea } from "./support/test-area.ts";

const seeds = Array.from({ length: 15 }, (_, index) => index + 1);

/** Several functions run their ticks at once, their calls in an order that the seed decides. */
async function tickTogether(area: TestArea, count: number, seed: number) {
  const { transport, run } = interleave(seed);
  // Not at the very same moment, so that each of them decides something of its own.
  const handlers = Array.from({ length: count }, (_, index) => area.newHandler(transport, index * 1000));
  return run(Promise.allSettled(handlers.map((handler) => handler())));
}

function assignments(area: TestArea): readonly string[] {
  return area.keys("runs/").filter((key) => key.endsWith("/assignment.json"));
}

describe("ticks at once", () => {
  it.each([2, 3])("%d of them launch one deployment", async (count) => {
    let lost = 0;
    for (const seed of seeds) {
      const area = openTestArea();
      area.push("dga-network");

      const ticks = await tickTogether(area, count, seed);
      await area.clock.advance(60_000);

      const summaries = ticks.flatMap((tick) => (tick.status === "fulfilled" ? [tick.value] : []));
      expect(summaries, `seed ${seed}`).toHaveLength(count);
      expect(
        summaries.flatMap(({ launched }) => launched),
        `seed ${seed}`,
      ).toHaveLength(1);
      expect(assignments(area), `seed ${seed}`).toHaveLength(1);
      expect(area.ec2.instances(), `seed ${seed}`).toHaveLength(1);
      lost += summaries.filter(({ lost: isLost }) => isLost).length;
    }
    expect(lost).toBeGreaterThan(0);
  });

  it("take a result once, and launch the next deployment once", async () => {
    for (const seed of seeds) {
      const area = openTestArea({
        images: { "dga-network": { kind: "terraform" }, "dga-site": { kind: "terraform" } },
      });
      area.push("dga-network");
      area.push("dga-site");
      await area.handler();
      await area.clock.advance(60_000);
      await runToEnd(area);
      await area.clock.advance(60_000);

      await tickTogether(area, 2, seed);
      await area.handler();
      await area.clock.advance(60_000);

      expect(area.history(), `seed ${seed}`).toHaveLength(1);
      expect(area.deployments(), `seed ${seed}`).toMatchObject([{ state: "succeeded" }, { state: "launching" }]);
      expect(area.group.group(deployGroup)?.instances, `seed ${seed}`).toHaveLength(1);
    }
  });

  it("apply a control once, whoever commits", async () => {
    for (const seed of seeds.slice(0, 10)) {
      const area = openTestArea();
      area.push("dga-network");
      await area.control({ kind: "hold", image: "dga-network", digest: null });

      await tickTogether(area, 2, seed);
      await area.handler();

      expect(area.image("dga-network")?.hold?.request.by, `seed ${seed}`).toBe("kim");
      expect(area.keys("controls/"), `seed ${seed}`).toEqual([]);
      expect(area.deployments(), `seed ${seed}`).toEqual([]);
    }
  });
});

describe("a commit that is lost", () => {
  it("ends the tick before any action, and says so", async () => {
    const area = openTestArea();
    area.push("dga-network");
    const overtaken = area.newHandler(
      (inner) => ({
        ...inner,
        async handle(request, options) {
          // Just before this function commits its launch, another one does.
          if (request.method === "PUT" && request.headers["if-match"] !== undefined) await area.handler();
          return inner.handle(request, options);
        },
      }),
      1000,
    );

    const summary = await overtaken();

    expect(summary).toMatchObject({ lost: true, launched: [], finished: [], notes: [{ code: "commit-lost" }] });
    expect(assignments(area)).toEqual([`runs/${Object.keys(area.ledger().deployments)[0]}/assignment.json`]);
  });
});

describe("what actions brought back", () => {
  it("is added to a ledger that another tick wrote meanwhile", async () => {
    const area = openTestArea();
    area.push("dga-network");
    await area.handler();
    await area.clock.advance(60_000);
    await runToEnd(area);
    const next = area.push("dga-network");
    let overtaken = false;
    const slow = area.newHandler((inner) => ({
      ...inner,
      async handle(request, options) {
        // The deployment is in the history; before the ledger says so, another tick commits something else.
        const answer = await inner.handle(request, options);
        if (request.path.includes("/history/") && !overtaken) {
          overtaken = true;
          await area.clock.advance(60_000);
          area.push("dga-network");
          await area.handler();
        }
        return answer;
      },
    }));

    const summary = await slow();

    expect(summary).toMatchObject({ lost: false, finished: [{ outcome: "succeeded" }] });
    expect(overtaken).toBe(true);
    const states = Object.values(area.ledger().deployments).map(({ state }) => state);
    expect(states).toEqual(["launching"]);
    expect(area.image("dga-network")?.head?.digest).not.toBe(next);
  });
});

describe("a late claim", () => {
  it("wins over a tick that was about to close the deployment, or loses to it, and never both", async () => {
    const outcomes = new Set<string>();
    for (const seed of seeds) {
      const area = openTestArea();
      area.push("dga-network");
      await area.handler();
      await area.clock.advance(60_000);
      const runner = await bootedRunner(area);
      await area.clock.advance(10 * 60_000);
      const { transport, run } = interleave(seed);
      const lateRunner = interleaved(runner.claim, seed);

      const [, claim] = await run(Promise.all([area.newHandler(transport)(), lateRunner]));
      await area.handler();

      const [deployment] = area.deployments();
      expect(deployment?.state, `seed ${seed}`).toBe(claim === "held" ? "running" : "never-started");
      outcomes.add(claim);
    }
    expect([...outcomes].sort()).toEqual(["held", "taken"]);
  });
});

/** Begins some turns of the event loop later, so that it meets the tick at another of its steps. */
async function interleaved<T>(work: () => Promise<T>, seed: number): Promise<T> {
  for (let turn = 0; turn < seed * 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  return work();
}
