import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AT, aDeployment, aLedger, commit, digest, idOf, request, sliceOf } from "../test/records.ts";
import { type HistoryFilter, viewHistory } from "./view-history.ts";

const slice = sliceOf();

function found(deployments: readonly ReturnType<typeof aDeployment>[], filter: HistoryFilter): readonly number[] {
  const { deployments: shown } = viewHistory({ slice, area: "scratch", ledger: null, deployments, filter });
  return shown.map(({ deployment }) => Number(deployment.split("-")[1]));
}

describe("viewHistory", () => {
  const one = aDeployment({ id: idOf(1, "20261123t100000z"), commit: null });
  const two = aDeployment({ id: idOf(2), image: "dga-web", state: "failed", digest: digest("b"), commit: commit("b") });
  const three = aDeployment({ id: idOf(3, "20261125t000000z") });
  const all = [two, three, one];

  it("has the newest first", () => {
    expect(found(all, {})).toEqual([3, 2, 1]);
    expect(viewHistory({ slice, area: "scratch", ledger: null, deployments: all })).toMatchObject({
      area: "scratch",
      total: 3,
    });
  });

  it.each<readonly [HistoryFilter, readonly number[]]>([
    [{ images: ["dga-web"] }, [2]],
    [{ images: [] }, []],
    [{ states: ["failed", "lost"] }, [2]],
    [{ version: "BBBB" }, [2]],
    [{ version: "sha256:aa" }, [3, 1]],
    [{ version: "aa" }, [3, 1]],
    [{ since: new Date("2026-11-24T01:55:00Z") }, [3, 2]],
    [{ until: new Date("2026-11-24T01:55:00Z") }, [1]],
    [{ since: new Date("2026-11-24T00:00:00Z"), until: new Date("2026-11-25T00:00:00Z") }, [2]],
    [{ limit: 2 }, [3, 2]],
  ])("filters by %j", (filter, expected) => {
    expect(found(all, filter)).toEqual(expected);
  });

  it("tells how many there are beyond the limit", () => {
    const view = viewHistory({ slice, area: "scratch", ledger: null, deployments: all, filter: { limit: 1 } });

    expect(view).toMatchObject({ total: 3, deployments: [{ deployment: three.id }] });
  });

  it("summarizes a deployment", () => {
    const deployment = aDeployment({ startedBy: request, cancel: request });

    const { deployments } = viewHistory({ slice, area: "scratch", ledger: aLedger(), deployments: [deployment] });

    expect(deployments).toMatchObject([
      {
        deployment: deployment.id,
        state: "succeeded",
        decidedAt: "2026-11-24T01:55:00.000Z",
        launchedAt: AT,
        seconds: 150,
        startedBy: request,
        cancel: request,
        links: { commit: `https://github.com/AusDTO/dga-network/commit/${commit("a")}`, check: null, issue: null },
      },
    ]);
  });

  it("does not tell how long one took that never began, or that goes on, and links an image that is no longer mapped", () => {
    const never = aDeployment({ id: idOf(1), image: "dga-old", launchedAt: null });
    const going = aDeployment({ id: idOf(2), endedAt: null });

    const { deployments } = viewHistory({ slice, area: "scratch", ledger: null, deployments: [never, going] });

    expect(deployments.map(({ seconds }) => seconds)).toEqual([null, null]);
    expect(deployments[1]).toMatchObject({ links: { commit: expect.stringContaining("/AusDTO/dga-old/"), log: null } });
  });

  it("has all of what two filters let through each, whatever they are", () => {
    const deployment = fc
      .record({
        epoch: fc.integer({ min: 1, max: 10_000 }),
        image: fc.constantFrom("dga-web", "dga-site"),
        bad: fc.boolean(),
      })
      .map(({ epoch, image, bad }) => aDeployment({ id: idOf(epoch), image, state: bad ? "failed" : "succeeded" }));
    const deployments = fc.uniqueArray(deployment, { selector: ({ id }) => id, maxLength: 30 });
    fc.assert(
      fc.property(deployments, fc.nat(40), (records, limit) => {
        const by = (filter: HistoryFilter) => found(records, filter);
        const both = by({ images: ["dga-web"], states: ["failed"] });
        expect(both).toEqual(by({ images: ["dga-web"] }).filter((epoch) => by({ states: ["failed"] }).includes(epoch)));
        expect(by({ limit })).toEqual(by({}).slice(0, limit));
        expect(by({})).toEqual(by({}).toSorted((one, other) => other - one));
      }),
    );
  });
});
