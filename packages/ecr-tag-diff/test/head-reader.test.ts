import { beforeEach, describe, expect, it } from "vitest";
import { commit, type OpenRegistry, openRegistry, source } from "./open-registry.ts";

let world: OpenRegistry;

beforeEach(() => {
  world = openRegistry();
});

describe("a new head", () => {
  it("has digest, push time, and the commit that a tag names", async () => {
    world.createRepository("web");
    const digest = world.registry.pushImage({ repository: "web", tags: ["staging", `git_${commit}`] });

    const heads = await world.createReader().readHeads([source("web")], {});

    expect(heads).toEqual({ web: { kind: "head", head: { digest, commit, pushedAt: "2026-11-24T00:00:00.000Z" } } });
    expect(world.sandbox.calls.count()).toEqual({ "ecr:BatchGetImage": 1, "ecr:DescribeImages": 1 });
  });

  it("has the commit of the image's label where no tag names one", async () => {
    world.createRepository("web");
    const labels = { "org.opencontainers.image.revision": commit };
    const digest = world.registry.pushImage({ repository: "web", tags: ["staging"], labels });

    const { web } = await world.createReader().readHeads([source("web")], {});

    expect(web).toMatchObject({ kind: "head", head: { digest, commit } });
  });

  it("is the digest of an index, with the commit of its first platform", async () => {
    world.createRepository("web");
    const labels = { "org.opencontainers.image.revision": commit };
    const digest = world.registry.pushImage({
      repository: "web",
      tags: ["staging"],
      labels,
      index: ["linux/arm64", "linux/amd64"],
    });

    const { web } = await world.createReader().readHeads([source("web")], {});

    expect(web).toMatchObject({ kind: "head", head: { digest, commit } });
  });

  it("has no commit where nobody recorded one", async () => {
    world.createRepository("web");
    world.registry.pushImage({ repository: "web", tags: ["staging", "v1.2.3"] });

    const { web } = await world.createReader().readHeads([source("web")], {});

    expect(web).toMatchObject({ kind: "head", head: { commit: null } });
  });

  it("keeps its old push time when an older image gets the tag back", async () => {
    world.createRepository("web");
    const old = world.registry.pushImage({ repository: "web", tags: ["staging", "git_aaaaaaa"] });
    await world.clock.advance(86_400_000);
    world.registry.pushImage({ repository: "web", tags: ["staging", "git_bbbbbbb"] });
    const reader = world.createReader();
    const { web: newer } = await reader.readHeads([source("web")], {});
    world.registry.tag("web", "staging", old);

    const { web } = await reader.readHeads([source("web")], newer?.kind === "head" ? { web: newer.head } : {});

    expect(web).toEqual({
      kind: "head",
      head: { digest: old, commit: "aaaaaaa", pushedAt: "2026-11-24T00:00:00.000Z" },
    });
  });

  it("is told without what may not be read", async () => {
    world.createRepository("web", ["BatchGetImage"]);
    const digest = world.registry.pushImage({ repository: "web", tags: ["staging", `git_${commit}`] });

    const { web } = await world.createReader().readHeads([source("web")], {});

    expect(web).toEqual({ kind: "head", head: { digest, commit: null, pushedAt: null } });
  });

  it("is unreadable while its description can not be read, but not for ever", async () => {
    world.createRepository("web");
    const digest = world.registry.pushImage({ repository: "web", tags: ["staging", `git_${commit}`] });
    const recover = world.sandbox.faults.add({
      kind: "error-before",
      action: "DescribeImages",
      code: "ServerException",
    });
    const reader = world.createReader();

    const { web: failed } = await reader.readHeads([source("web")], {});
    recover();
    const { web: read } = await reader.readHeads([source("web")], {});

    expect(failed).toMatchObject({ kind: "unreadable", code: "registry-unavailable" });
    expect(read).toMatchObject({ kind: "head", head: { digest, commit } });
  });

  it("is unreadable where its image vanishes between two calls", async () => {
    world.createRepository("web");
    const digest = world.registry.pushImage({ repository: "web", tags: ["staging"] });
    world.sandbox.faults.add({
      kind: "latency",
      ms: 0,
      action: "DescribeImages",
      match: () => {
        world.registry.deleteImage("web", digest);
        return true;
      },
      times: 1,
    });

    const { web } = await world.createReader().readHeads([source("web")], {});

    expect(web).toMatchObject({ kind: "unreadable", code: "image-missing" });
  });
});

describe("a head that is known", () => {
  it("costs one BatchGetImage each and nothing else, for 1,000 images", async () => {
    const images = Array.from({ length: 1000 }, (_, index) => `image-${index}`);
    for (const image of images) {
      world.createRepository(image);
      world.registry.pushImage({ repository: image, tags: ["staging", `git_${commit}`] });
    }
    const sources = images.map((image) => source(image));
    const reader = world.createReader();
    const first = await reader.readHeads(sources, {});
    const known = Object.fromEntries(
      Object.entries(first).flatMap(([image, reading]) => (reading.kind === "head" ? [[image, reading.head]] : [])),
    );
    expect(Object.keys(known)).toHaveLength(1000);
    expect(world.sandbox.calls.count()).toEqual({ "ecr:BatchGetImage": 1000, "ecr:DescribeImages": 1000 });
    world.sandbox.calls.clear();

    const second = await reader.readHeads(sources, known);

    expect(world.sandbox.calls.count()).toEqual({ "ecr:BatchGetImage": 1000 });
    expect(second).toEqual(first);
    expect(
      Object.values(second).every((reading) => reading.kind === "head" && Object.values(known).includes(reading.head)),
    ).toBe(true);
  });

  it("is told as absent when its tag is taken away, and costs nothing more", async () => {
    world.createRepository("web");
    world.registry.pushImage({ repository: "web", tags: ["staging"] });
    const reader = world.createReader();
    const { web: before } = await reader.readHeads([source("web")], {});
    world.registry.untag("web", "staging");
    world.sandbox.calls.clear();

    const heads = await reader.readHeads([source("web")], before?.kind === "head" ? { web: before.head } : {});

    expect(heads).toEqual({ web: { kind: "absent", missing: "tag" } });
    expect(world.sandbox.calls.count()).toEqual({ "ecr:BatchGetImage": 1 });
  });
});

describe("layouts of a registry", () => {
  it("finds heads in one repository for each image and area", async () => {
    world.createRepository("staging/web");
    world.createRepository("production/web");
    const digest = world.registry.pushImage({ repository: "staging/web", tags: ["latest"] });
    world.registry.pushImage({ repository: "production/web", tags: ["latest"] });

    const heads = await world
      .createReader()
      .readHeads([{ image: "web", repository: "staging/web", tag: "latest" }], {});

    expect(heads).toMatchObject({ web: { kind: "head", head: { digest } } });
  });

  it("asks once for all tags of one repository, and tells each image its own", async () => {
    world.createRepository("all");
    const images = Array.from({ length: 150 }, (_, index) => `image-${index}`);
    const digests = images.map((image, index) =>
      world.registry.pushImage({ repository: "all", tags: [`${image}-staging`, `git_${0xa000000 + index}`] }),
    );
    const sources = images.map((image) => ({ image, repository: "all", tag: `${image}-staging` }));

    const heads = await world
      .createReader()
      .readHeads([...sources, { image: "gone", repository: "all", tag: "gone-staging" }], {});

    expect(images.map((image) => heads[image])).toMatchObject(
      digests.map((digest) => ({ kind: "head", head: { digest } })),
    );
    expect(heads["gone"]).toEqual({ kind: "absent", missing: "tag" });
    expect(world.sandbox.calls.count()["ecr:BatchGetImage"]).toBe(2);
  });
});
