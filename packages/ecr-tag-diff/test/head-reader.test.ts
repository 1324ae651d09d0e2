import { ECRClient } from "@aws-sdk/client-ecr";
import { createSandbox, type Sandbox, virtualClock } from "@windlass/sandbox";
import { beforeEach, describe, expect, it } from "vitest";
import { createHeadReader, type HeadReaderOptions, type HeadSource } from "../src/index.ts";

const pipeline = "111111111111";
const staging = "222222222222";
const started = Date.UTC(2026, 10, 24);
const commit = "4f2a91c0d5e6f7a8b9c0d1e2f3a4b5c6d7e8f9a0";

let sandbox: Sandbox;
let clock: ReturnType<typeof virtualClock>;

beforeEach(() => {
  clock = virtualClock(started);
  sandbox = createSandbox({ clock });
});

function registry() {
  return sandbox.account(pipeline).ecr();
}

/** A repository that the area's account may read, as the pipeline's templates make it. */
function createRepository(name: string, actions = ["BatchGetImage", "DescribeImages", "GetDownloadUrlForLayer"]): void {
  registry().createRepository(name);
  registry().setPolicy(name, {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${staging}:root` },
        Action: actions.map((action) => `ecr:${action}`),
      },
    ],
  });
}

function createReader(options: Partial<HeadReaderOptions> = {}) {
  const client = new ECRClient({ ...sandbox.clientConfig({ account: staging }), maxAttempts: 1 });
  const wait = (ms: number) => clock.advance(ms);
  return createHeadReader({ client, registryId: pipeline, fetch: sandbox.fetch, wait, ...options });
}

function source(image: string, tag = "staging"): HeadSource {
  return { image, repository: image, tag };
}

describe("a new head", () => {
  it("has digest, push time, and the commit that a tag names", async () => {
    createRepository("web");
    const digest = registry().pushImage({ repository: "web", tags: ["staging", `git_${commit}`] });

    const heads = await createReader().readHeads([source("web")], {});

    expect(heads).toEqual({ web: { kind: "head", head: { digest, commit, pushedAt: "2026-11-24T00:00:00.000Z" } } });
    expect(sandbox.calls.count()).toEqual({ "ecr:BatchGetImage": 1, "ecr:DescribeImages": 1 });
  });

  it("has the commit of the image's label where no tag names one", async () => {
    createRepository("web");
    const labels = { "org.opencontainers.image.revision": commit };
    const digest = registry().pushImage({ repository: "web", tags: ["staging"], labels });

    const { web } = await createReader().readHeads([source("web")], {});

    expect(web).toMatchObject({ kind: "head", head: { digest, commit } });
  });

  it("is the digest of an index, with the commit of its first platform", async () => {
    createRepository("web");
    const labels = { "org.opencontainers.image.revision": commit };
    const digest = registry().pushImage({
      repository: "web",
      tags: ["staging"],
      labels,
      index: ["linux/arm64", "linux/amd64"],
    });

    const { web } = await createReader().readHeads([source("web")], {});

    expect(web).toMatchObject({ kind: "head", head: { digest, commit } });
  });

  it("has no commit where nobody recorded one", async () => {
    createRepository("web");
    registry().pushImage({ repository: "web", tags: ["staging", "v1.2.3"] });

    const { web } = await createReader().readHeads([source("web")], {});

    expect(web).toMatchObject({ kind: "head", head: { commit: null } });
  });

  it("keeps its old push time when an older image gets the tag back", async () => {
    createRepository("web");
    const old = registry().pushImage({ repository: "web", tags: ["staging", "git_aaaaaaa"] });
    await clock.advance(86_400_000);
    registry().pushImage({ repository: "web", tags: ["staging", "git_bbbbbbb"] });
    const reader = createReader();
    const { web: newer } = await reader.readHeads([source("web")], {});
    registry().tag("web", "staging", old);

    const { web } = await reader.readHeads([source("web")], newer?.kind === "head" ? { web: newer.head } : {});

    expect(web).toEqual({
      kind: "head",
      head: { digest: old, commit: "aaaaaaa", pushedAt: "2026-11-24T00:00:00.000Z" },
    });
  });

  it("is told without what may not be read", async () => {
    createRepository("web", ["BatchGetImage"]);
    const digest = registry().pushImage({ repository: "web", tags: ["staging", `git_${commit}`] });

    const { web } = await createReader().readHeads([source("web")], {});

    expect(web).toEqual({ kind: "head", head: { digest, commit: null, pushedAt: null } });
  });

  it("is unreadable while its description can not be read, but not for ever", async () => {
    createRepository("web");
    const digest = registry().pushImage({ repository: "web", tags: ["staging", `git_${commit}`] });
    const recover = sandbox.faults.add({ kind: "error-before", action: "DescribeImages", code: "ServerException" });
    const reader = createReader();

    const { web: failed } = await reader.readHeads([source("web")], {});
    recover();
    const { web: read } = await reader.readHeads([source("web")], {});

    expect(failed).toMatchObject({ kind: "unreadable", code: "registry-unavailable" });
    expect(read).toMatchObject({ kind: "head", head: { digest, commit } });
  });

  it("is unreadable where its image vanishes between two calls", async () => {
    createRepository("web");
    const digest = registry().pushImage({ repository: "web", tags: ["staging"] });
    sandbox.faults.add({
      kind: "latency",
      ms: 0,
      action: "DescribeImages",
      match: () => {
        registry().deleteImage("web", digest);
        return true;
      },
      times: 1,
    });

    const { web } = await createReader().readHeads([source("web")], {});

    expect(web).toMatchObject({ kind: "unreadable", code: "image-missing" });
  });
});

describe("a head that is known", () => {
  it("costs one BatchGetImage each and nothing else, for 1,000 images", async () => {
    const images = Array.from({ length: 1000 }, (_, index) => `image-${index}`);
    for (const image of images) {
      createRepository(image);
      registry().pushImage({ repository: image, tags: ["staging", `git_${commit}`] });
    }
    const sources = images.map((image) => source(image));
    const reader = createReader();
    const first = await reader.readHeads(sources, {});
    const known = Object.fromEntries(
      Object.entries(first).flatMap(([image, reading]) => (reading.kind === "head" ? [[image, reading.head]] : [])),
    );
    expect(Object.keys(known)).toHaveLength(1000);
    expect(sandbox.calls.count()).toEqual({ "ecr:BatchGetImage": 1000, "ecr:DescribeImages": 1000 });
    sandbox.calls.clear();

    const second = await reader.readHeads(sources, known);

    expect(sandbox.calls.count()).toEqual({ "ecr:BatchGetImage": 1000 });
    expect(second).toEqual(first);
    expect(
      Object.values(second).every((reading) => reading.kind === "head" && Object.values(known).includes(reading.head)),
    ).toBe(true);
  });

  it("is told as absent when its tag is taken away, and costs nothing more", async () => {
    createRepository("web");
    registry().pushImage({ repository: "web", tags: ["staging"] });
    const reader = createReader();
    const { web: before } = await reader.readHeads([source("web")], {});
    registry().untag("web", "staging");
    sandbox.calls.clear();

    const heads = await reader.readHeads([source("web")], before?.kind === "head" ? { web: before.head } : {});

    expect(heads).toEqual({ web: { kind: "absent", missing: "tag" } });
    expect(sandbox.calls.count()).toEqual({ "ecr:BatchGetImage": 1 });
  });
});

describe("layouts of a registry", () => {
  it("finds heads in one repository for each image and area", async () => {
    createRepository("staging/web");
    createRepository("production/web");
    const digest = registry().pushImage({ repository: "staging/web", tags: ["latest"] });
    registry().pushImage({ repository: "production/web", tags: ["latest"] });

    const heads = await createReader().readHeads([{ image: "web", repository: "staging/web", tag: "latest" }], {});

    expect(heads).toMatchObject({ web: { kind: "head", head: { digest } } });
  });

  it("asks once for all tags of one repository, and tells each image its own", async () => {
    createRepository("all");
    const images = Array.from({ length: 150 }, (_, index) => `image-${index}`);
    const digests = images.map((image, index) =>
      registry().pushImage({ repository: "all", tags: [`${image}-staging`, `git_${0xa000000 + index}`] }),
    );
    const sources = images.map((image) => ({ image, repository: "all", tag: `${image}-staging` }));

    const heads = await createReader().readHeads(
      [...sources, { image: "gone", repository: "all", tag: "gone-staging" }],
      {},
    );

    expect(images.map((image) => heads[image])).toMatchObject(
      digests.map((digest) => ({ kind: "head", head: { digest } })),
    );
    expect(heads["gone"]).toEqual({ kind: "absent", missing: "tag" });
    expect(sandbox.calls.count()["ecr:BatchGetImage"]).toBe(2);
  });
});

describe("one image's trouble", () => {
  beforeEach(() => {
    createRepository("web");
    registry().pushImage({ repository: "web", tags: ["staging"] });
  });

  it("is a missing repository, tag, permission or an archived image, and nobody else's", async () => {
    registry().createRepository("secret");
    registry().pushImage({ repository: "secret", tags: ["staging"] });
    createRepository("untagged");
    createRepository("old");
    const old = registry().pushImage({ repository: "old", tags: ["staging"] });
    registry().archiveImage("old", old);

    const heads = await createReader().readHeads(
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
    registry().setPolicy("web", null);

    const { web } = await createReader().readHeads([source("web")], {});

    const message = web?.kind === "unreadable" ? web.message : "";
    expect(message).toContain("allow ecr:BatchGetImage on web");
    expect(message).toContain(`repository's policy in account ${pipeline}`);
    expect(message).toContain(`arn:aws:iam::${staging}:user`);
  });

  it("is a failure of the registry, for every image that it strikes", async () => {
    createRepository("api");
    registry().pushImage({ repository: "api", tags: ["staging"] });
    const match = ({ input }: { input: Readonly<Record<string, unknown>> }) => input["repositoryName"] === "api";
    sandbox.faults.add({ kind: "error-before", match, code: "ServerException", status: 500 });

    const heads = await createReader().readHeads([source("api"), source("web")], {});

    expect(heads).toMatchObject({ api: { kind: "unreadable", code: "registry-unavailable" }, web: { kind: "head" } });
  });

  it("is a reply that was lost", async () => {
    sandbox.faults.add({ kind: "error-after", action: "BatchGetImage", times: 1 });

    const { web } = await createReader().readHeads([source("web")], {});

    expect(web).toMatchObject({ kind: "unreadable", code: "registry-unreachable" });
  });
});

describe("throttling", () => {
  const images = Array.from({ length: 60 }, (_, index) => `image-${index}`);
  const sources = images.map((image) => source(image));

  beforeEach(() => {
    for (const image of images) {
      createRepository(image);
      registry().pushImage({ repository: image, tags: ["staging", `git_${commit}`] });
    }
  });

  it("in a burst delays the heads and loses none", async () => {
    sandbox.faults.add({ kind: "throttle", action: "BatchGetImage", times: 40 });

    const heads = await createReader().readHeads(sources, {});

    expect(Object.values(heads).map((reading) => reading.kind)).toEqual(images.map(() => "head"));
    expect(sandbox.calls.count()["ecr:BatchGetImage"]).toBe(100);
    expect(clock.now()).toBeGreaterThan(started);
  });

  it("without end makes every head unreadable after few calls", async () => {
    sandbox.faults.add({ kind: "throttle" });

    const heads = await createReader({ concurrency: 16 }).readHeads(sources, {});

    expect(Object.values(heads)).toMatchObject(images.map(() => ({ kind: "unreadable", code: "throttled" })));
    expect(sandbox.calls.count()["ecr:BatchGetImage"]).toBeLessThanOrEqual(16 + 8 + 4 + 2 + 1 + 1);
  });
});

describe("a read that is ended", () => {
  it("tells what it has, and that the rest was not read", async () => {
    createRepository("fast");
    createRepository("slow");
    const digest = registry().pushImage({ repository: "fast", tags: ["staging", `git_${commit}`] });
    registry().pushImage({ repository: "slow", tags: ["staging"] });
    const slow = ({ input }: { input: Readonly<Record<string, unknown>> }) => input["repositoryName"] === "slow";
    sandbox.faults.add({ kind: "latency", ms: 60_000, match: slow });
    const known = { fast: { digest: digest as never, commit, pushedAt: null } };
    const abort = new AbortController();
    clock.schedule(1_000, () => abort.abort(new Error("the tick's time is up")));

    const reading = createReader().readHeads([source("fast"), source("slow")], known, abort.signal);
    await clock.advance(1_000);

    expect(await reading).toEqual({
      fast: { kind: "head", head: known.fast },
      slow: expect.objectContaining({ kind: "unreadable", code: "aborted" }),
    });
  });

  it("makes no call when it was ended before", async () => {
    createRepository("web");

    const heads = await createReader().readHeads([source("web")], {}, AbortSignal.abort());

    expect(heads).toMatchObject({ web: { kind: "unreadable", code: "aborted" } });
    expect(sandbox.calls.count()).toEqual({});
  });
});
