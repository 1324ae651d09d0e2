import { describe, expect, it } from "vitest";
import type { Mishap } from "./support/faulty-calls.ts";
import { faultyTransport } from "./support/faulty-transport.ts";
import { openTestArea, type TestArea } from "./support/test-area.ts";

const images = { "dga-web": { kind: "instance-refresh", groups: ["web"] } };
const imageTag = "windlass:image:dga-web";

/** An area with a group of two instances that run an application image. */
function openWeb(): TestArea {
  const area = openTestArea({ images });
  area.group.createGroup("web", { min: 2, max: 3, desired: 2 });
  return area;
}

async function tickUntil(area: TestArea, isOver: () => boolean): Promise<void> {
  for (let tick = 0; tick < 60 && !isOver(); tick += 1) await area.nextTick();
}

function isQuiet(area: TestArea): boolean {
  return Object.keys(area.ledger().deployments).length === 0;
}

/** Its first image is live. */
async function openLiveWeb() {
  const area = openWeb();
  await area.clock.advance(60_000);
  const digest = area.push("dga-web");
  await area.handler();
  await tickUntil(area, () => isQuiet(area));
  return { area, digest };
}

function tagsOfInstances(area: TestArea): readonly (string | undefined)[] {
  return area.ec2
    .instances()
    .filter(({ state }) => state === "running")
    .map(({ allTags }) => allTags[imageTag]);
}

describe("an application image", () => {
  it("is live once its instance refresh is successful, and every instance has its digest", async () => {
    const { area, digest } = await openLiveWeb();

    expect(area.group.refreshes("web")).toMatchObject([{ status: "Successful" }]);
    expect(tagsOfInstances(area)).toEqual([digest, digest]);
    expect(area.image("dga-web")?.live?.digest).toBe(digest);
    expect(area.history()).toMatchObject([{ kind: "instance-refresh", state: "succeeded", digest }]);
  });

  it("says that it is deploying, and is not live before the end", async () => {
    const area = openWeb();
    await area.clock.advance(60_000);
    area.push("dga-web");

    const started = await area.handler();

    expect(started).toMatchObject({ launched: [{ image: "dga-web" }], waiting: [] });
    expect(area.image("dga-web")?.live ?? null).toBeNull();
    expect(Object.values(area.ledger().deployments)).toMatchObject([
      { refresh: { groups: { web: { refreshId: expect.any(String) } } } },
    ]);
  });

  it("goes back to the digest before when its refresh fails, and is not tried again", async () => {
    const { area, digest: good } = await openLiveWeb();
    area.group.failRefresh("web", { atPercentage: 50, reason: "2 instances failed their health check." });
    const bad = area.push("dga-web");

    await tickUntil(area, () => area.history().length === 2 && isQuiet(area));
    const { waiting, launched } = await area.nextTick();

    expect(area.history()[1]).toMatchObject({
      state: "failed",
      digest: bad,
      failure: { message: expect.stringMatching(/health check.*back at sha256/s) },
    });
    expect(area.image("dga-web")?.live?.digest).toBe(good);
    expect(tagsOfInstances(area)).toEqual([good, good]);
    expect(launched).toEqual([]);
    expect(waiting).toMatchObject([{ image: "dga-web", reason: expect.stringContaining("quarantined") }]);
  });

  it("waits while somebody else refreshes its group", async () => {
    const { area } = await openLiveWeb();
    area.group.stallRefresh("web");
    const first = area.push("dga-web");
    await area.nextTick();
    const second = area.push("dga-web");

    const waiting = await area.nextTick();
    area.group.stallRefresh("web", false);
    await tickUntil(area, () => area.image("dga-web")?.live?.digest === second);

    expect(waiting.launched).toEqual([]);
    expect(
      area
        .history()
        .map(({ digest, state }) => [digest, state])
        .slice(1),
    ).toEqual([
      [first, "succeeded"],
      [second, "succeeded"],
    ]);
  });
});

describe("a function that is cut off while it rolls an image out", () => {
  /** A roll-out from its push until nothing is left to do, with one mishap on the way. */
  async function live(at: number, mishap: Mishap) {
    const area = openWeb();
    await area.clock.advance(60_000);
    const faulty = faultyTransport(at, mishap);
    let handler = area.newHandler(faulty.transport);
    area.push("dga-web");
    const isOver = () => area.keys("history/").length > 0 && isQuiet(area);
    for (let tick = 0; tick < 40 && !isOver(); tick += 1) {
      const outcome = await Promise.race([handler().catch(() => "failed"), faulty.died.then(() => "died")]);
      if (outcome === "died") handler = area.newHandler();
      await area.clock.advance(60_000);
    }
    return { area, calls: faulty.calls() };
  }

  it.each<Mishap>(["dies-before", "dies-after", "fails-before", "fails-after"])(
    "ends at one live digest when a call %s",
    async (mishap) => {
      const { calls } = await live(0, mishap);
      expect(calls).toBeGreaterThan(12);

      for (let at = 1; at <= calls; at += 1) {
        const { area } = await live(at, mishap);

        const told = `call ${at} of ${calls} ${mishap}`;
        const head = area.image("dga-web")?.head?.digest;
        expect(area.deployments(), told).toMatchObject([{ state: "succeeded", attempt: 1 }]);
        expect(area.image("dga-web")?.live?.digest, told).toBe(head);
        expect(tagsOfInstances(area), told).toEqual([head, head]);
      }
    },
  );
});
