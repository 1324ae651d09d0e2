import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { parseImageDigest } from "@windlass/deployment";
import { describe, expect, it } from "vitest";
import { createDeployGroup, createInstanceRefresher } from "../src/index.ts";
import { type Script, scripted } from "./scripted-handler.ts";

function groupOn(script: Script) {
  const { config, calls } = scripted(script);
  return { group: createDeployGroup({ client: new AutoScalingClient(config), group: "deploy" }), calls };
}

function refresherOn(script: Script) {
  const { config, calls } = scripted(script);
  return { refresher: createInstanceRefresher({ client: new AutoScalingClient(config) }), calls };
}

describe("an answer that does not end", () => {
  it("leaves instances unreadable that were not in it, and never not-found", async () => {
    const found = "<item><instanceId>i-1</instanceId><instanceState><name>running</name></instanceState></item>";
    const { group, calls } = groupOn(
      () =>
        `<reservationSet><item><instancesSet>${found}</instancesSet></item></reservationSet><nextToken>more</nextToken>`,
    );

    const readings = await group.readInstances(["i-1", "i-2"]);

    expect(readings).toEqual({
      "i-1": { kind: "state", state: "running" },
      "i-2": expect.objectContaining({ kind: "unreadable", code: "too-many-pages" }),
    });
    expect(calls).toHaveLength(10);
  });

  it("makes the groups of a tag unreadable", async () => {
    const { refresher, calls } = refresherOn(() => "<AutoScalingGroups/><NextToken>more</NextToken>");

    const reading = await refresher.resolveGroups({ kind: "tag", key: "role", includes: "web" });

    expect(reading).toMatchObject({ kind: "unreadable", code: "too-many-pages" });
    expect(calls).toHaveLength(50);
  });
});

describe("an answer of another kind", () => {
  it("is no group where it is a group of another name", async () => {
    const other = "<member><AutoScalingGroupName>other</AutoScalingGroupName></member>";
    const { group } = groupOn(() => `<AutoScalingGroups>${other}</AutoScalingGroups>`);

    expect(await group.observe()).toMatchObject({ kind: "unreadable", code: "group-missing" });
  });

  it("is a group with whatever state an instance may have in the years to come", async () => {
    const instance = "<member><InstanceId>i-1</InstanceId><LifecycleState>Dreaming:Wait</LifecycleState></member>";
    const { group } = groupOn(
      () =>
        `<AutoScalingGroups><member><AutoScalingGroupName>deploy</AutoScalingGroupName><DesiredCapacity>1</DesiredCapacity><Instances>${instance}</Instances></member></AutoScalingGroups>`,
    );

    expect(await group.observe()).toMatchObject({
      instances: [{ id: "i-1", lifecycle: "Dreaming:Wait", protectedFromScaleIn: false }],
    });
  });

  it("is no failed launch where a termination failed, or where a launch has another end", async () => {
    const activity = (description: string, status: string) =>
      `<member><Description>${description}</Description><StatusCode>${status}</StatusCode><StatusMessage>no</StatusMessage><StartTime>2026-11-24T00:00:05Z</StartTime></member>`;
    const { group } = groupOn(
      () =>
        `<Activities>${activity("Terminating EC2 instance: i-1", "Failed")}${activity("Launching a new EC2 instance", "Cancelled")}${activity("Launching a new EC2 instance", "Failed")}</Activities>`,
    );

    expect(await group.readLaunchFailures("2026-11-24T00:00:00.000Z")).toEqual([
      { at: "2026-11-24T00:00:05.000Z", code: "LaunchFailed", message: "no" },
    ]);
  });

  it("is no started refresh where it has no id", async () => {
    const { refresher } = refresherOn(() => "");
    const preferences = { minHealthyPercentage: null, maxHealthyPercentage: null, instanceWarmupSeconds: null };
    const digest = parseImageDigest(`sha256:${"a".repeat(64)}`);

    const starting = refresher.start({ group: "web", image: "web", digest, preferences });

    await expect(starting).rejects.toMatchObject({ code: "answer-incomplete", retryable: true });
  });

  it("is a failure of the service where it is no XML", async () => {
    const { group } = groupOn(() => "</html>");

    expect(await group.observe()).toMatchObject({ kind: "unreadable", code: "service-unavailable" });
  });
});
