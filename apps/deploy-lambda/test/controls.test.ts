import { describe, expect, it } from "vitest";
import { runToEnd } from "./support/runner.ts";
import { openTestArea } from "./support/test-area.ts";

describe("a control", () => {
  it("that is sent while a tick runs acts once, whichever call of the tick it meets", async () => {
    for (let at = 1; at <= 12; at += 1) {
      const area = openTestArea();
      area.push("dga-network");
      await area.handler();
      await area.clock.advance(60_000);
      await runToEnd(area, { outcome: "failed", exitCode: 1 });
      await area.handler();
      let calls = 0;
      const tick = area.newHandler((inner) => ({
        ...inner,
        async handle(request, options) {
          calls += 1;
          if (calls === at) await area.control({ kind: "retry", image: "dga-network", deployment: null });
          return inner.handle(request, options);
        },
      }));

      await tick();
      for (let more = 0; more < 3; more += 1) await area.nextTick();

      if (at > calls) break;
      expect(area.deployments(), `call ${at}`).toHaveLength(2);
      expect(area.keys("controls/"), `call ${at}`).toEqual([]);
    }
  });

  it("that is sent twice acts once, also when the second one comes after the first was taken", async () => {
    const area = openTestArea();
    area.push("dga-network");
    await area.handler();
    await area.clock.advance(60_000);
    await runToEnd(area, { outcome: "failed", exitCode: 1 });
    await area.handler();
    const retry = { kind: "retry", image: "dga-network", deployment: null, id: "once" } as const;
    await area.control(retry);
    await area.nextTick();
    await area.clock.advance(60_000);
    await runToEnd(area, { outcome: "failed", exitCode: 1 });
    await area.control(retry);
    for (let more = 0; more < 3; more += 1) await area.nextTick();

    expect(area.deployments()).toHaveLength(2);
    expect(area.image("dga-network")?.attempts).toMatchObject({ failed: 1 });
    expect(area.keys("controls/")).toEqual([]);
  });

  it("that pauses the area lets no tick start anything, and the summary says by whom", async () => {
    const area = openTestArea();
    area.push("dga-network");
    await area.control({ kind: "pause" });

    const paused = await area.handler();
    await area.control({ kind: "resume", id: "later" });
    const resumed = await area.nextTick();

    expect(paused.waiting).toEqual([
      { image: "dga-network", reason: "waiting: the area is paused by kim because a test" },
    ]);
    expect(paused.launched).toEqual([]);
    expect(resumed.launched).toHaveLength(1);
  });
});
