import { describe, expect, it } from "vitest";
import { area as areaName } from "./support/names.ts";
import { bootedRunner, runToEnd } from "./support/runner.ts";
import { openTestArea } from "./support/test-area.ts";

const two = { "dga-network": { kind: "terraform" }, "dga-site": { kind: "terraform" } };

/** An area whose network is live. */
async function openLiveArea(images: Readonly<Record<string, Readonly<Record<string, unknown>>>> = two) {
  const area = openTestArea({ images });
  const digest = area.push("dga-network");
  await area.handler();
  await area.clock.advance(60_000);
  await runToEnd(area);
  await area.nextTick();
  return { area, digest };
}

describe("a tag that moves while its image deploys", () => {
  it("lets the running deployment finish with what it was given, then deploys the newest", async () => {
    const area = openTestArea();
    const first = area.push("dga-network");
    await area.handler();
    await area.clock.advance(60_000);
    const runner = await bootedRunner(area);
    await runner.claim();
    await runner.phase("applying");

    area.push("dga-network");
    const newest = area.push("dga-network");
    await area.handler();
    await runner.finish();
    await runner.retire();
    const finished = await area.nextTick();
    const next = await area.nextTick();

    expect(runner.assignment.digest).toBe(first);
    expect(finished.finished).toMatchObject([{ digest: first, outcome: "succeeded" }]);
    expect(area.image("dga-network")?.live?.digest).toBe(first);
    expect([...finished.launched, ...next.launched]).toMatchObject([{ digest: newest }]);
  });
});

describe("a tag that moves back", () => {
  it("is a new intent: the older digest is deployed again", async () => {
    const { area, digest: old } = await openLiveArea();
    area.push("dga-network");
    await area.nextTick();
    await area.clock.advance(60_000);
    await runToEnd(area);
    await area.nextTick();

    area.registry.tag("dga-network", areaName, old);
    const launching = await area.nextTick();
    await area.clock.advance(60_000);
    await runToEnd(area);
    await area.nextTick();

    expect(launching.launched).toMatchObject([{ digest: old }]);
    expect(area.image("dga-network")?.live?.digest).toBe(old);
    expect(area.history()).toHaveLength(3);
  });
});

describe("an image that is gone", () => {
  it.each([
    ["tag", (area: ReturnType<typeof openTestArea>) => area.registry.untag("dga-network", areaName)],
    ["repository", (area: ReturnType<typeof openTestArea>) => area.registry.deleteRepository("dga-network")],
  ])("changes nothing where it is the %s, and is noted", async (_what, remove) => {
    const { area, digest } = await openLiveArea();

    remove(area);
    const summary = await area.nextTick();

    expect(summary).toMatchObject({ launched: [], finished: [], notes: [{ image: "dga-network" }] });
    expect(area.image("dga-network")).toMatchObject({ head: { digest }, live: { digest } });
  });
});

describe("an image that can not be read", () => {
  it("is a note, and delays no other image", async () => {
    const area = openTestArea({ images: two });
    area.push("dga-network");
    const digest = area.push("dga-site");
    area.registry.setPolicy("dga-network", null);

    const summary = await area.handler();

    expect(summary.launched).toMatchObject([{ image: "dga-site", digest }]);
    expect(summary.notes).toMatchObject([{ image: "dga-network", message: expect.stringContaining("access-denied") }]);
    expect(area.image("dga-network")?.head ?? null).toBeNull();
  });

  it("keeps what is known of it", async () => {
    const { area, digest } = await openLiveArea();
    area.registry.setPolicy("dga-network", null);

    const summary = await area.nextTick();

    expect(summary.launched).toEqual([]);
    expect(area.image("dga-network")).toMatchObject({ head: { digest }, live: { digest } });
  });
});

describe("a registry that throttles", () => {
  it("is read more slowly, and wholly, when it is a burst", async () => {
    const images = Object.fromEntries(
      Array.from({ length: 30 }, (_, index) => [`image-${index}`, { kind: "terraform" }]),
    );
    const area = openTestArea({ images });
    for (const image of Object.keys(images)) area.push(image);
    area.sandbox.faults.add({ kind: "throttle", service: "ecr", times: 8 });

    const summary = await area.handler();

    expect(summary.notes).toEqual([]);
    expect(Object.values(area.ledger().images).filter(({ head }) => head !== null)).toHaveLength(30);
    expect(summary.launched).toHaveLength(1);
  });

  it("changes nothing when it goes on: the tick says so and the next one reads again", async () => {
    const { area, digest } = await openLiveArea({ "dga-network": { kind: "terraform" } });
    const next = area.push("dga-network");
    const stop = area.sandbox.faults.add({ kind: "throttle", service: "ecr" });

    const throttled = await area.nextTick();
    stop();
    const later = await area.nextTick();

    expect(throttled).toMatchObject({ launched: [], notes: [{ image: "dga-network" }] });
    expect(area.image("dga-network")?.live?.digest).toBe(digest);
    expect(later.launched).toMatchObject([{ digest: next }]);
  });
});
