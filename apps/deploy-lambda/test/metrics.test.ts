import { describe, expect, it } from "vitest";
import { area as areaName, deployGroup } from "./support/names.ts";
import { runToEnd } from "./support/runner.ts";
import { openTestArea, type TestArea } from "./support/test-area.ts";

const hour = 3_600_000;

interface MetricLine {
  readonly _aws: { readonly Timestamp: number; readonly CloudWatchMetrics: readonly unknown[] };
  readonly [name: string]: unknown;
}

/** Values of the last tick, by name. */
function measured({ logs }: TestArea): Readonly<Record<string, unknown>> {
  const lines = logs.filter((line) => line.includes('"_aws"')).map((line): MetricLine => JSON.parse(line));
  const { _aws, ...values } = lines.at(-1)!;
  return values;
}

describe("what CloudWatch reads out of the log", () => {
  it("is one line a tick, which names each metric that it has, by area", async () => {
    const area = openTestArea({ env: { LOG_LEVEL: "silent" } });

    await area.handler();

    const names = ["TickSucceeded", "DeploymentFailed", "OldestWaitMinutes", "ImagesBlocked", "LaunchSuspended"];
    const Metrics = names.map((Name) => ({ Name, Unit: "Count" }));
    expect(area.logs.map((line) => JSON.parse(line))).toEqual([
      {
        _aws: {
          Timestamp: area.clock.now(),
          CloudWatchMetrics: [{ Namespace: "Windlass", Dimensions: [["area"]], Metrics }],
        },
        area: areaName,
        ...{ TickSucceeded: 1, DeploymentFailed: 0, OldestWaitMinutes: 0, ImagesBlocked: 0, LaunchSuspended: 0 },
      },
    ]);
  });

  it("says that a tick failed, with nothing else", async () => {
    const area = openTestArea({ env: { WINDLASS_STATE_BUCKET: "another" } });

    await expect(area.handler()).rejects.toThrow("another");

    expect(measured(area)).toEqual({ area: areaName, TickSucceeded: 0 });
  });

  it("counts a deployment that failed, once, and an image that is blocked, always", async () => {
    const area = openTestArea();
    area.push("dga-network");
    await area.handler();
    await area.clock.advance(60_000);
    await runToEnd(area, { outcome: "state-unsaved", exitCode: 1 });

    await area.nextTick();
    expect(measured(area)).toMatchObject({ DeploymentFailed: 1, ImagesBlocked: 1 });

    await area.nextTick();
    expect(measured(area)).toMatchObject({ DeploymentFailed: 0, ImagesBlocked: 1 });
  });

  it("tells how long a head has been waiting in its window, and that Launch is suspended", async () => {
    const area = openTestArea();
    area.push("dga-network");
    area.group.suspend(deployGroup, ["Launch"]);
    await area.handler();

    await area.clock.advance(hour + 5 * 60_000);
    await area.handler();

    expect(measured(area)).toMatchObject({ OldestWaitMinutes: 65, LaunchSuspended: 1 });
  });

  it("does not count what waits for the window to open, nor the night before", async () => {
    const area = openTestArea();
    area.group.suspend(deployGroup, ["Launch"]);
    await area.clock.advance(5 * hour);
    area.push("dga-network");
    await area.handler();
    expect(measured(area)).toMatchObject({ OldestWaitMinutes: 0 });

    // 09:15 on the next morning in Sydney.
    await area.clock.advance(15 * hour);
    await area.handler();

    expect(measured(area)).toMatchObject({ OldestWaitMinutes: 10 });
  });
});
