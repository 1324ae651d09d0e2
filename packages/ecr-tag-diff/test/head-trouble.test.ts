import { beforeEach, describe, expect, it } from "vitest";
import { commit, type OpenRegistry, openRegistry, pipeline, source, staging, started } from "./open-registry.ts";

let world: OpenRegistry;

beforeEach(() => {
  world = openRegistry();
});

describe("one image's trouble", () => {
  beforeEach(() => {
    world.createRepository("web");
    world.registry.pushImage({ repository: "web", tags: ["staging"] });
  });

  it("is a missing repository, tag, permission or an archived image, and nobody else's", async () => {
    world.registry.createRepository("secret");
    world.registry.pushImage({ repository: "secret", tags: ["staging"] });
    world.createRepository("untagged");
    world.createRepository("old");
    const old = world.registry.pushImage({ repository: "old", tags: ["staging"] });
    world.registry.archiveImage("old", old);

    const heads = await world.createReader().readHeads(
      ["secret", "untagged", "old", "gone", "web"].map((image) => source(image)),
      {},
    );

    expect(heads).toMatchObject({
      web: { kind: "head" },
      secret: { kind: "unreadable", code: "access-denied" },
      untagged: { kind: "absent", missing: "tag" },
      old: { kind: "unreadable", code: "image-archived" },
      gone: { kind: "absent", missing: "repository" },
    });
  });

  it("says how to mend a permission that is missing", async () => {
    world.registry.setPolicy("web", null);

    const { web } = await world.createReader().readHeads([source("web")], {});

    const message = web?.kind === "unreadable" ? web.message : "";
    expect(message).toContain("allow ecr:BatchGetImage on web");
    expect(message).toContain(`repository's policy in account ${pipeline}`);
    expect(message).toContain(`arn:aws:iam::${staging}:user`);
  });

  it("is a failure of the registry, for every image that it strikes", async () => {
    world.createRepository("api");
    world.registry.pushImage({ repository: "api", tags: ["staging"] });
    const match = ({ input }: { input: Readonly<Record<string, unknown>> }) => input["repositoryName"] === "api";
    world.sandbox.faults.add({ kind: "error-before", match, code: "ServerException", status: 500 });

    const heads = await world.createReader().readHeads([source("api"), source("web")], {});

    expect(heads).toMatchObject({ api: { kind: "unreadable", code: "registry-unavailable" }, web: { kind: "head" } });
  });

  it("is a reply that was lost", async () => {
    world.sandbox.faults.add({ kind: "error-after", action: "BatchGetImage", times: 1 });

    const { web } = await world.createReader().readHeads([source("web")], {});

    expect(web).toMatchObject({ kind: "unreadable", code: "registry-unreachable" });
  });
});

describe("throttling", () => {
  const images = Array.from({ length: 60 }, (_, index) => `image-${index}`);
  const sources = images.map((image) => source(image));

  beforeEach(() => {
    for (const image of images) {
      world.createRepository(image);
      world.registry.pushImage({ repository: image, tags: ["staging", `git_${commit}`] });
    }
  });

  it("in a burst delays the heads and loses none", async () => {
    world.sandbox.faults.add({ kind: "throttle", action: "BatchGetImage", times: 40 });

    const heads = await world.createReader().readHeads(sources, {});

    expect(Object.values(heads).map((reading) => reading.kind)).toEqual(images.map(() => "head"));
    expect(world.sandbox.calls.count()["ecr:BatchGetImage"]).toBe(100);
    expect(world.clock.now()).toBeGreaterThan(started);
  });

  it("without end makes every head unreadable after few calls", async () => {
    world.sandbox.faults.add({ kind: "throttle" });

    const heads = await world.createReader({ concurrency: 16 }).readHeads(sources, {});

    expect(Object.values(heads)).toMatchObject(images.map(() => ({ kind: "unreadable", code: "throttled" })));
    expect(world.sandbox.calls.count()["ecr:BatchGetImage"]).toBeLessThanOrEqual(16 + 8 + 4 + 2 + 1 + 1);
  });
});

describe("a read that is ended", () => {
  it("tells what it has, and that the rest was not read", async () => {
    world.createRepository("fast");
    world.createRepository("slow");
    const digest = world.registry.pushImage({ repository: "fast", tags: ["staging", `git_${commit}`] });
    world.registry.pushImage({ repository: "slow", tags: ["staging"] });
    const slow = ({ input }: { input: Readonly<Record<string, unknown>> }) => input["repositoryName"] === "slow";
    world.sandbox.faults.add({ kind: "latency", ms: 60_000, match: slow });
    const known = { fast: { digest: digest as never, commit, pushedAt: null } };
    const abort = new AbortController();
    world.clock.schedule(1_000, () => abort.abort(new Error("the tick's time is up")));

    const reading = world.createReader().readHeads([source("fast"), source("slow")], known, abort.signal);
    await world.clock.advance(1_000);

    expect(await reading).toEqual({
      fast: { kind: "head", head: known.fast },
      slow: expect.objectContaining({ kind: "unreadable", code: "aborted" }),
    });
  });

  it("makes no call when it was ended before", async () => {
    world.createRepository("web");

    const heads = await world.createReader().readHeads([source("web")], {}, AbortSignal.abort());

    expect(heads).toMatchObject({ web: { kind: "unreadable", code: "aborted" } });
    expect(world.sandbox.calls.count()).toEqual({});
  });

  it("does not use up the patience with a new head", async () => {
    world.createRepository("web");
    const digest = world.registry.pushImage({ repository: "web", tags: ["staging", `git_${commit}`] });
    const recover = world.sandbox.faults.add({ kind: "latency", ms: 60_000, action: "DescribeImages" });
    const reader = world.createReader();

    for (let tick = 1; tick <= 8; tick += 1) {
      const abort = new AbortController();
      world.clock.schedule(1_000, () => abort.abort());
      const reading = reader.readHeads([source("web")], {}, abort.signal);
      await world.clock.advance(1_000);
      expect(await reading).toMatchObject({ web: { kind: "unreadable", code: "aborted" } });
    }
    recover();
    world.sandbox.faults.add({ kind: "error-before", action: "DescribeImages", times: 1 });
    const failed = await reader.readHeads([source("web")], {});
    const read = await reader.readHeads([source("web")], {});

    expect(failed).toMatchObject({ web: { kind: "unreadable", code: "registry-unavailable" } });
    expect(read).toMatchObject({ web: { kind: "head", head: { digest, commit } } });
  });

  it("tells no new head without its commit, even when the patience is used up", async () => {
    world.createRepository("web");
    world.registry.pushImage({ repository: "web", tags: ["staging", `git_${commit}`] });
    world.sandbox.faults.add({ kind: "error-before", action: "DescribeImages", times: 5 });
    world.sandbox.faults.add({ kind: "latency", ms: 60_000, action: "DescribeImages" });
    const reader = world.createReader();
    const abort = new AbortController();
    world.clock.schedule(301_000, () => abort.abort());

    for (let tick = 1; tick <= 5; tick += 1) {
      const failing = reader.readHeads([source("web")], {});
      await world.clock.advance(60_000);
      expect(await failing).toMatchObject({ web: { code: "registry-unavailable" } });
    }
    const ended = reader.readHeads([source("web")], {}, abort.signal);
    await world.clock.advance(1_000);

    expect(await ended).toMatchObject({ web: { kind: "unreadable", code: "aborted" } });
  });
});
