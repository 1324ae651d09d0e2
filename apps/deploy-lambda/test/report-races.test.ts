import { describe, expect, it } from "vitest";
import { createFaultyCalls, type Mishap } from "./support/faulty-calls.ts";
import { interleave } from "./support/interleaving.ts";
import { openReportingArea, type ReportingArea } from "./support/reporting-area.ts";
import { runToEnd } from "./support/runner.ts";

const mishaps: readonly Mishap[] = ["dies-before", "dies-after", "fails-before", "fails-after"];
const failure = {
  outcome: "failed" as const,
  exitCode: 1,
  failure: { code: "terraform-failed", message: "Error: no", hint: null },
};
/** Far more than it takes, even with a lost tick's two minutes and a pause. */
const longestLife = 40;

interface Life {
  readonly area: ReportingArea;
  readonly calls: number;
}

/** A failure, its repeat and a success, each shown before the next, with one mishap on the way. */
async function live(at: number, mishap: Mishap): Promise<Life> {
  const area = openReportingArea();
  const faulty = createFaultyCalls({ at, mishap, failure: () => new TypeError("fetch failed") });
  let handler = area.newHandler(undefined, 0, (...request) => faulty.make(() => area.sandbox.fetch(...request)));
  let isFaulty = true;

  async function tick(): Promise<void> {
    await area.clock.advance(60_000);
    const ends = [handler().then(() => "done"), ...(isFaulty ? [faulty.died.then(() => "died")] : [])];
    if ((await Promise.race(ends)) !== "died") return;
    handler = area.newHandler();
    isFaulty = false;
  }

  for (const change of [failure, failure, {}]) {
    area.release("dga-network");
    await tick();
    await area.clock.advance(60_000);
    await runToEnd(area, change);
    for (let minute = 0; minute < longestLife && !isTold(area, minute); minute += 1) await tick();
  }
  return { area, calls: faulty.calls() };
}

function isTold(area: ReportingArea, minute: number): boolean {
  const { reports, deployments } = area.ledger();
  return minute > 0 && Object.keys(reports).length === 0 && Object.keys(deployments).length === 0;
}

function shownOn({ repositories, history }: ReportingArea) {
  const repository = repositories["dga-network"];
  return {
    deployed: history().map(({ state }) => state),
    checks: repository?.checkRuns().map(({ externalId, conclusion }) => `${externalId.split("-")[1]} ${conclusion}`),
    deployments: repository?.deployments().map(({ statuses }) => statuses.at(-1)?.state),
    issues: repository?.issues().map(({ state, comments }) => `${state} ${comments.length}`),
  };
}

describe("a reply of GitHub's that is lost, or a tick that dies over it", () => {
  it.each(mishaps)(
    "shows everything once when any one call %s",
    async (mishap) => {
      const clean = await live(0, mishap);
      const wanted = shownOn(clean.area);
      expect(wanted).toEqual({
        deployed: ["failed", "failed", "succeeded"],
        checks: ["1 failure", "2 failure", "3 success"],
        deployments: ["failure", "failure", "success"],
        issues: ["closed 2"],
      });
      expect(clean.calls).toBeGreaterThan(20);

      for (let at = 1; at <= clean.calls; at += 1) {
        const { area } = await live(at, mishap);

        expect(shownOn(area), `call ${at} of ${clean.calls} ${mishap}`).toEqual(wanted);
        expect(area.github.violations()).toEqual([]);
      }
    },
    120_000,
  );
});

describe("a tick whose clock is minutes ahead of another's", () => {
  it("leaves GitHub alone while the other one delivers", async () => {
    const area = openReportingArea();
    let late: Promise<unknown> | undefined;
    const ahead = area.newHandler(undefined, 5 * 60_000);
    const slow: typeof fetch = async (input, init) => {
      // The first one has found no check run yet, and is about to make it.
      if (String(input).endsWith("/check-runs")) {
        late ??= ahead();
        await late;
      }
      return area.sandbox.fetch(input, init);
    };
    area.release("dga-network");

    await area.newHandler(undefined, 0, slow)();

    expect(late).toBeDefined();
    expect(area.repositories["dga-network"]?.checkRuns()).toHaveLength(1);
  });
});

describe("ticks at once", () => {
  it("show everything once, also where replies get lost", async () => {
    let lost = 0;
    for (let seed = 1; seed <= 12; seed += 1) {
      const area = openReportingArea();
      const together = async () => {
        const { transport, fetch, run } = interleave(seed);
        const handlers = [0, 1000].map((ahead) => area.newHandler(transport, ahead, fetch(area.sandbox.fetch)));
        await run(Promise.allSettled(handlers.map((handler) => handler())));
      };
      area.sandbox.faults.add({ kind: "error-after", service: "github", chance: 0.3, times: 6 });
      area.release("dga-network");
      await together();
      await area.clock.advance(60_000);
      await runToEnd(area, failure);
      for (let minute = 0; minute < 30; minute += 1) {
        await area.clock.advance(60_000);
        await together();
      }

      expect(shownOn(area), `seed ${seed}`).toMatchObject({
        checks: ["1 failure"],
        deployments: ["failure"],
        issues: ["open 0"],
      });
      lost += area.sandbox.faults.fired()["error-after"];
    }
    expect(lost).toBeGreaterThanOrEqual(12);
  }, 120_000);
});
