import { describe, expect, it } from "vitest";
import { bucket, deployGroup } from "./support/names.ts";
import { runToEnd } from "./support/runner.ts";
import { openTestArea } from "./support/test-area.ts";

describe("a first release", () => {
  it("is launched, run by its instance, and live", async () => {
    const area = openTestArea();
    const digest = area.push("dga-network");

    const first = await area.handler();
    await area.clock.advance(60_000);
    await runToEnd(area);
    const second = await area.nextTick();

    expect(first).toMatchObject({ lost: false, launched: [{ image: "dga-network", digest }], finished: [] });
    expect(second).toMatchObject({ launched: [], finished: [{ image: "dga-network", digest, outcome: "succeeded" }] });
    expect(area.image("dga-network")?.live?.digest).toBe(digest);
    expect(area.history()).toMatchObject([{ image: "dga-network", digest, state: "succeeded" }]);
    expect(area.ledger().deployments).toEqual({});
    expect(area.group.group(deployGroup)).toMatchObject({ desired: 0 });
  });
});

describe("a steady tick", () => {
  it("reads ledger, controls, group and one manifest an image, and does nothing else", async () => {
    const area = openTestArea({ images: { "dga-network": { kind: "terraform" } } });
    area.push("dga-network");
    await area.handler();
    await area.clock.advance(60_000);
    await runToEnd(area);
    for (let tick = 0; tick < 3; tick += 1) await area.nextTick();
    const etag = area.own.s3.read(bucket, "ledger.json")?.etag;
    area.sandbox.calls.clear();

    const summary = await area.nextTick();

    expect(area.sandbox.calls.count()).toEqual({
      "s3:GetObject": 1,
      "s3:ListObjectsV2": 1,
      "autoscaling:DescribeAutoScalingGroups": 1,
      "ecr:BatchGetImage": 1,
    });
    expect(summary).toMatchObject({ launched: [], finished: [], waiting: [], notes: [] });
    expect(area.own.s3.read(bucket, "ledger.json")?.etag).toBe(etag);
  });
});
