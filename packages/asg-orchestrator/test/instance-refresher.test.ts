import { AutoScalingClient, DescribeAutoScalingGroupsCommand } from "@aws-sdk/client-auto-scaling";
import type { RefreshPreferences } from "@windlass/account-mapping";
import { parseImageDigest } from "@windlass/deployment";
import { beforeEach, describe, expect, it } from "vitest";
import { tagGroup } from "../src/change-group.ts";
import { createInstanceRefresher, type InstanceRefresher } from "../src/index.ts";
import { sandboxWorld } from "./group-worlds.ts";

const digest = parseImageDigest(`sha256:${"a".repeat(64)}`);
const next = parseImageDigest(`sha256:${"b".repeat(64)}`);
const preferences: RefreshPreferences = {
  minHealthyPercentage: null,
  maxHealthyPercentage: null,
  instanceWarmupSeconds: null,
};
const request = { group: "web", image: "dga-web", digest, preferences };

let world: ReturnType<typeof sandboxWorld>;
let refresher: InstanceRefresher;

beforeEach(async () => {
  world = sandboxWorld();
  refresher = createInstanceRefresher({ client: world.client });
  await world.createGroup({ name: "web", min: 2, max: 4 });
});

async function tagOf(group: string, key: string): Promise<unknown> {
  const command = new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [group] });
  const { AutoScalingGroups } = await world.client.send(command);
  return AutoScalingGroups?.[0]?.Tags?.find((tag) => tag.Key === key);
}

async function startedId(): Promise<string> {
  const started = await refresher.start(request);
  if (started.kind !== "started") throw new Error(JSON.stringify(started));
  return started.refreshId;
}

describe("an instance refresh", () => {
  it("replaces every instance with one that knows its digest", async () => {
    const before = world.account.ec2().instances();

    const refreshId = await startedId();
    await world.clock.advance(3_600_000);

    expect(await refresher.readRefreshes("web")).toEqual({
      kind: "refreshes",
      refreshes: [{ id: refreshId, status: "Successful", percentage: 100, reason: null }],
      imageTags: { "dga-web": digest },
    });
    const running = world.account
      .ec2()
      .instances()
      .filter((instance) => instance.state === "running");
    expect(running).toHaveLength(2);
    expect(running.map((instance) => instance.allTags["windlass:image:dga-web"])).toEqual([digest, digest]);
    expect(running.some((instance) => before.some((old) => old.instanceId === instance.instanceId))).toBe(false);
  });

  it("is tagged before it is started, so that its first instance knows the digest", async () => {
    await startedId();

    const actions = world.sandbox.calls.entries.map((entry) => entry.action);
    expect(actions.indexOf("CreateOrUpdateTags")).toBeGreaterThan(-1);
    expect(actions.indexOf("CreateOrUpdateTags")).toBeLessThan(actions.indexOf("StartInstanceRefresh"));
    expect(await tagOf("web", "windlass:image:dga-web")).toMatchObject({ Value: digest, PropagateAtLaunch: true });
  });

  it("has the mapping's preferences, and leaves the others to the service", async () => {
    await refresher.start({
      ...request,
      preferences: { minHealthyPercentage: 50, maxHealthyPercentage: 150, instanceWarmupSeconds: 30 },
    });
    await world.clock.advance(3_600_000);
    await refresher.start(request);

    const inputs = world.sandbox.calls.entries
      .filter((entry) => entry.action === "StartInstanceRefresh")
      .map((entry) => entry.input["Preferences"]);
    expect(inputs).toEqual([
      {
        SkipMatching: "false",
        AutoRollback: "false",
        MinHealthyPercentage: "50",
        MaxHealthyPercentage: "150",
        InstanceWarmup: "30",
      },
      { SkipMatching: "false", AutoRollback: "false" },
    ]);
  });

  it("is busy while another is in progress, whose instances keep their digest", async () => {
    await startedId();

    const second = await refresher.start({ ...request, digest: next });

    expect(second).toEqual({ kind: "busy" });
    expect(await tagOf("web", "windlass:image:dga-web")).toMatchObject({ Value: digest });
  });

  it("is busy where another began between two calls", async () => {
    world.sandbox.faults.add({ kind: "latency", ms: 1_000, action: "CreateOrUpdateTags", times: 1 });

    const first = refresher.start(request);
    const second = refresher.start(request);
    await world.clock.advance(1_000);

    expect([(await first).kind, (await second).kind].sort()).toEqual(["busy", "started"]);
  });

  it("is busy when it is asked for again because its reply was lost, and can be found", async () => {
    world.sandbox.faults.add({ kind: "error-after", action: "StartInstanceRefresh", times: 1 });

    await expect(refresher.start(request)).rejects.toMatchObject({ code: "service-unreachable", retryable: true });

    expect(await refresher.start(request)).toEqual({ kind: "busy" });
    expect(await refresher.readRefreshes("web")).toMatchObject({ refreshes: [{ status: expect.any(String) }] });
  });

  it("can be started again once the one before has ended", async () => {
    const first = await startedId();
    await world.clock.advance(3_600_000);
    const second = await startedId();

    expect(second).not.toBe(first);
    expect(await refresher.readRefreshes("web")).toMatchObject({ refreshes: [{ id: second }, { id: first }] });
  });
});

describe("a refusal for good", () => {
  it("is a group that is not there", async () => {
    expect(await refresher.start({ ...request, group: "gone" })).toMatchObject({
      kind: "refused",
      code: "group-missing",
      message: expect.stringContaining("gone"),
    });
  });

  it("is an image whose name can not be part of a tag", async () => {
    world.sandbox.calls.clear();

    const refused = await refresher.start({ ...request, image: "team/web" });

    expect(refused).toMatchObject({ kind: "refused", code: "image-name" });
    expect(world.sandbox.calls.count()).toEqual({});
  });

  it("is preferences that the service does not take", async () => {
    const refused = await refresher.start({
      ...request,
      preferences: { ...preferences, minHealthyPercentage: 10, maxHealthyPercentage: 190 },
    });

    expect(refused).toMatchObject({ kind: "refused", code: "request-refused" });
  });

  it.each([
    ["AccessDenied", 403, "access-denied"],
    ["LimitExceeded", 400, "limit-exceeded"],
  ])("is %s", async (code, status, expected) => {
    world.sandbox.faults.add({ kind: "error-before", action: "StartInstanceRefresh", code, status });

    expect(await refresher.start(request)).toMatchObject({ kind: "refused", code: expected });
  });

  it("is not what may be better next time", async () => {
    world.sandbox.faults.add({
      kind: "error-before",
      action: "StartInstanceRefresh",
      code: "ResourceContention",
      status: 500,
    });

    await expect(refresher.start(request)).rejects.toMatchObject({ code: "contention", retryable: true });
  });
});

describe("a start that has a time limit", () => {
  it("does nothing at all where that is over", async () => {
    expect(await refresher.start({ ...request, mayStart: () => false })).toEqual({ kind: "expired" });

    expect(world.sandbox.calls.count()["autoscaling:CreateOrUpdateTags"]).toBeUndefined();
    expect(await refresher.readRefreshes("web")).toEqual({ kind: "refreshes", refreshes: [], imageTags: {} });
  });

  it("does not start where the time ran out while the group was tagged", async () => {
    const limit = world.clock.now() + 60_000;
    world.sandbox.faults.add({ kind: "latency", ms: 60_000, action: "CreateOrUpdateTags", times: 1 });

    const starting = refresher.start({ ...request, mayStart: () => world.clock.now() < limit });
    await world.clock.advance(120_000);

    expect(await starting).toEqual({ kind: "expired" });
    expect(world.sandbox.calls.count()["autoscaling:StartInstanceRefresh"]).toBeUndefined();
  });

  it("starts in time", async () => {
    expect(await refresher.start({ ...request, mayStart: () => true })).toMatchObject({ kind: "started" });
  });
});

describe("cancelling", () => {
  const count = () => world.sandbox.calls.count()["autoscaling:CancelInstanceRefresh"] ?? 0;

  it("ends the refresh in progress", async () => {
    const refreshId = await startedId();

    await refresher.cancel({ group: "web", refreshId });
    await world.clock.advance(3_600_000);

    expect(await refresher.readRefreshes("web")).toMatchObject({ refreshes: [{ id: refreshId, status: "Cancelled" }] });
  });

  it("leaves another refresh alone: the call itself would cancel whatever is in progress", async () => {
    const first = await startedId();
    await world.clock.advance(3_600_000);
    const second = await startedId();

    await refresher.cancel({ group: "web", refreshId: first });
    await world.clock.advance(3_600_000);

    expect(count()).toBe(0);
    expect(await refresher.readRefreshes("web")).toMatchObject({
      refreshes: [
        { id: second, status: "Successful" },
        { id: first, status: "Successful" },
      ],
    });
  });

  it("is fine where there is none, where it was done already, where it is over, and without the group", async () => {
    await refresher.cancel({ group: "web", refreshId: "never" });
    const refreshId = await startedId();
    await refresher.cancel({ group: "web", refreshId });
    await refresher.cancel({ group: "web", refreshId });
    await world.clock.advance(3_600_000);
    await refresher.cancel({ group: "web", refreshId });

    await expect(refresher.cancel({ group: "gone", refreshId })).resolves.toBeUndefined();
    expect(count()).toBe(1);
  });

  it("is fine where the refresh ends between the two calls", async () => {
    const refreshId = await startedId();
    world.sandbox.faults.add({ kind: "latency", ms: 3_600_000, action: "CancelInstanceRefresh", times: 1 });

    const cancelling = refresher.cancel({ group: "web", refreshId });
    await world.clock.advance(7_200_000);

    await expect(cancelling).resolves.toBeUndefined();
    expect(await refresher.readRefreshes("web")).toMatchObject({ refreshes: [{ status: "Successful" }] });
  });

  it("is never sent twice by the SDK: the second could meet the next refresh", async () => {
    const patient = createInstanceRefresher({
      client: new AutoScalingClient({ ...world.sandbox.clientConfig({ account: "222222222222" }), maxAttempts: 3 }),
    });
    const refreshId = await startedId();
    world.sandbox.faults.add({ kind: "error-before", action: "CancelInstanceRefresh", status: 500, code: "Internal" });

    await expect(patient.cancel({ group: "web", refreshId })).rejects.toMatchObject({ retryable: true });

    expect(count()).toBe(1);
  });

  it("throws where it was not allowed", async () => {
    const refreshId = await startedId();
    world.sandbox.faults.add({ kind: "error-before", code: "AccessDenied", status: 403 });

    await expect(refresher.cancel({ group: "web", refreshId })).rejects.toMatchObject({ code: "access-denied" });
  });
});

describe("reading refreshes", () => {
  it("finds none where there were none", async () => {
    expect(await refresher.readRefreshes("web")).toEqual({ kind: "refreshes", refreshes: [], imageTags: {} });
  });

  it("finds what the group's tags tell the next instance to run, once none is in progress", async () => {
    await startedId();
    expect(await refresher.readRefreshes("web")).toMatchObject({ imageTags: null });
    await world.clock.advance(3_600_000);
    await tagGroup(world.client, "web", { tag: { key: "windlass:image:dga-web", value: next } });
    await tagGroup(world.client, "web", { tag: { key: "team", value: "web" } });

    expect(await refresher.readRefreshes("web")).toMatchObject({ imageTags: { "dga-web": next } });
  });

  it("reads the tags after the refreshes: what comes in between is seen", async () => {
    world.sandbox.calls.clear();
    await refresher.readRefreshes("web");

    expect(world.sandbox.calls.entries.map(({ action }) => action)).toEqual([
      "DescribeInstanceRefreshes",
      "DescribeAutoScalingGroups",
    ]);
  });

  it("is unreadable where the tags are", async () => {
    world.sandbox.faults.add({ kind: "throttle", action: "DescribeAutoScalingGroups" });

    expect(await refresher.readRefreshes("web")).toMatchObject({ kind: "unreadable", code: "throttled" });
  });

  it("is unreadable without the group, or when the service throttles", async () => {
    const missing = await refresher.readRefreshes("gone");
    world.sandbox.faults.add({ kind: "throttle" });

    expect(missing).toMatchObject({ kind: "unreadable", code: "group-missing" });
    expect(await refresher.readRefreshes("web")).toMatchObject({ kind: "unreadable", code: "throttled" });
  });
});

describe("resolving groups", () => {
  it("finds named groups, sorted and once each", async () => {
    await world.createGroup({ name: "api" });

    expect(await refresher.resolveGroups({ kind: "names", names: ["web", "api", "web"] })).toEqual({
      kind: "groups",
      names: ["api", "web"],
    });
  });

  it("is unreadable where one of the named groups is missing", async () => {
    expect(await refresher.resolveGroups({ kind: "names", names: ["web", "gone"] })).toMatchObject({
      kind: "unreadable",
      code: "group-missing",
      message: expect.stringContaining("no gone"),
    });
  });

  it("takes a group that is being deleted for missing", async () => {
    world.account.autoScaling().deleteGroup("web");

    expect(await refresher.resolveGroups({ kind: "names", names: ["web"] })).toMatchObject({
      kind: "unreadable",
      code: "group-missing",
    });
  });

  it("asks for nothing where no group is named", async () => {
    world.sandbox.calls.clear();

    expect(await refresher.resolveGroups({ kind: "names", names: [] })).toEqual({ kind: "groups", names: [] });
    expect(world.sandbox.calls.count()).toEqual({});
  });

  it("finds groups by a word of a tag, and not by a part of a word", async () => {
    const key = "deploy.packages";
    for (const [name, value] of [
      ["comma", "api,web"],
      ["space", "web api"],
      ["alone", "web"],
      ["part", "webshop"],
      ["empty", ""],
    ] as const) {
      await world.createGroup({ name, tags: { [key]: value } });
    }
    await world.createGroup({ name: "other-key", tags: { packages: "web" } });

    expect(await refresher.resolveGroups({ kind: "tag", key, includes: "web" })).toEqual({
      kind: "groups",
      names: ["alone", "comma", "space"],
    });
  });

  it("finds all of many groups, page by page", async () => {
    for (let index = 0; index < 120; index += 1) await world.createGroup({ name: `g${index}`, tags: { role: "web" } });
    world.sandbox.calls.clear();

    const reading = await refresher.resolveGroups({ kind: "tag", key: "role", includes: "web" });

    expect(reading.kind === "groups" ? reading.names.length : reading.message).toBe(120);
    expect(world.sandbox.calls.count()).toEqual({ "autoscaling:DescribeAutoScalingGroups": 2 });
  });

  it("finds none where no group has the tag", async () => {
    expect(await refresher.resolveGroups({ kind: "tag", key: "role", includes: "web" })).toEqual({
      kind: "groups",
      names: [],
    });
  });

  it("is unreadable when the service does not answer", async () => {
    world.sandbox.faults.add({ kind: "error-before", code: "ECONNRESET" });

    expect(await refresher.resolveGroups({ kind: "names", names: ["web"] })).toMatchObject({
      kind: "unreadable",
      code: "service-unreachable",
    });
  });
});
