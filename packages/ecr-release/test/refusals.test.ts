import { ECRClient } from "@aws-sdk/client-ecr";
import { STSClient } from "@aws-sdk/client-sts";
import type { Fault } from "@windlass/sandbox";
import { describe, expect, it } from "vitest";
import { commitTag, createReleaser, type ReleaseRequest, timeTag } from "../src/index.ts";
import { commitOf, digestOf, manifestOf, name, openRepository, pipeline } from "./open-repository.ts";

const time = new Date("2026-11-24T09:00:00Z");
const request: ReleaseRequest = {
  area: "staging",
  repository: name,
  tag: "staging",
  image: { digest: digestOf(1) },
  commit: commitOf(0),
  time,
};

describe("a release is refused before anything is put", () => {
  it.each<[string, Partial<ReleaseRequest>, object]>([
    ["a short commit", { commit: "4f2a91c" }, { code: "commit-invalid", found: "4f2a91c" }],
    ["a commit in capitals", { commit: commitOf(0).toUpperCase() }, { code: "commit-invalid" }],
    ["a digest that is none", { image: { digest: "latest" } }, { code: "digest-invalid", found: "latest" }],
    ["a digest that is not there", { image: { digest: digestOf(9) } }, { code: "digest-missing" }],
    ["a tag that is not there", { image: { tag: "none" } }, { code: "tag-missing" }],
    ["a repository that is not there", { repository: "none" }, { code: "repository-missing" }],
  ])("for %s", async (_, wrong, expected) => {
    const { push, createFor, tags } = openRepository();
    push(1);
    const before = tags();

    await expect(createFor(pipeline).release({ ...request, ...wrong })).rejects.toMatchObject(expected);

    expect(tags()).toEqual(before);
  });

  it("where the image is in another area's repository only", async () => {
    const { registry, createFor } = openRepository("production/dga-web");
    registry.createRepository("staging/dga-web");
    const digest = registry.pushImage({ repository: "staging/dga-web", manifest: manifestOf(1) });

    const released = createFor(pipeline).release({ ...request, repository: "production/dga-web", image: { digest } });

    await expect(released).rejects.toMatchObject({
      code: "digest-missing",
      where: `ecr:DescribeImages of ${pipeline}/production/dga-web@${digest}`,
      hint: expect.stringContaining("push it to this very repository"),
    });
  });

  it("for credentials of another account, naming both", async () => {
    const { push, createFor, actions } = openRepository();
    push(1);

    await expect(createFor("222222222222").release(request)).rejects.toMatchObject({
      code: "account-wrong",
      expected: pipeline,
      found: "222222222222 (arn:aws:sts::222222222222:assumed-role/publisher/build)",
    });
    expect(actions()).toEqual(["GetCallerIdentity"]);
  });

  it("for what is neither an image nor an index", async () => {
    const { push, createFor } = openRepository();
    const mediaType = "application/vnd.docker.distribution.manifest.v1+json";
    const digest = push(1, { mediaType });

    await expect(createFor(pipeline).release({ ...request, image: { digest } })).rejects.toMatchObject({
      code: "not-an-image",
      found: mediaType,
    });
  });

  it("for an image that is archived", async () => {
    const { push, registry, createFor } = openRepository();
    registry.archiveImage(name, push(1));

    await expect(createFor(pipeline).release(request)).rejects.toMatchObject({
      code: "digest-missing",
      hint: expect.stringContaining("restore it if it is archived"),
    });
  });

  it.each([
    ["commit-tag-taken", commitTag(commitOf(0)), /release what it was built to \(--tag git_/],
    ["time-tag-taken", timeTag(time, commitOf(0)), /time of this build/],
  ])("with %s, where another image has the tag %s", async (code, tag, hint) => {
    const { push, registry, createFor, tags } = openRepository();
    push(1);
    registry.tag(name, tag, push(2));
    const before = tags();

    await expect(createFor(pipeline).release(request)).rejects.toMatchObject({
      code,
      expected: digestOf(1),
      found: digestOf(2),
      hint: expect.stringMatching(hint),
    });
    expect(tags()).toEqual(before);
  });

  it("for a registry that is no account", () => {
    const { createFor } = openRepository();
    expect(createFor(pipeline)).toBeDefined();

    expect(() => createReleaser({ ecr: new ECRClient(), sts: new STSClient(), registryId: "pipeline" })).toThrow(
      expect.objectContaining({ code: "registry-invalid", found: "pipeline" }),
    );
  });
});

describe("a release that can not go on says why", () => {
  it.each(["DescribeImages", "BatchGetImage", "PutImage"])("where %s is not allowed, naming it", async (action) => {
    const { push, registry, createFor } = openRepository();
    push(1);
    const Statement = [{ Effect: "Deny", Principal: "*", Action: `ecr:${action}` }];
    registry.setPolicy(name, { Version: "2012-10-17", Statement });

    await expect(createFor(pipeline).release(request)).rejects.toMatchObject({
      code: "access-denied",
      retryable: false,
      where: expect.stringContaining(`ecr:${action} of ${pipeline}/${name}`),
      hint: expect.stringContaining(`allow ecr:${action} on ${pipeline}/${name}`),
    });
  });

  it("where the area's tag may not move, with how to let it", async () => {
    const { push, release } = openRepository(name, ["elsewhere"]);
    await release({ image: { digest: push(1) } });

    await expect(release({ image: { digest: push(2) }, commit: commitOf(2) })).rejects.toMatchObject({
      code: "tag-immutable",
      where: `${pipeline}/${name}:staging`,
      hint: expect.stringContaining("IMMUTABLE_WITH_EXCLUSION with the filters staging and keep-*"),
    });
  });

  it("where another build takes the commit's tag at the same moment", async () => {
    const { push, registry, sandbox, createFor } = openRepository();
    const [first, second] = [push(1), push(2)];
    const between: Fault = {
      kind: "latency",
      ms: 0,
      action: "PutImage",
      times: 1,
      match() {
        registry.tag(name, commitTag(commitOf(0)), second);
        return true;
      },
    };
    sandbox.faults.add(between);

    await expect(createFor(pipeline).release({ ...request, image: { digest: first } })).rejects.toMatchObject({
      code: "commit-tag-taken",
    });
  });

  it("where a head of before is archived and can not be kept any more", async () => {
    const { push, release, registry } = openRepository();
    await release({ image: { digest: push(1) } });
    registry.archiveImage(name, digestOf(1));

    await expect(release({ image: { digest: push(2) }, commit: commitOf(2) })).rejects.toMatchObject({
      code: "image-inaccessible",
      hint: expect.stringContaining("restore it"),
    });
  });

  it.each<[string, Partial<Fault>, object]>([
    ["throttled", { kind: "throttle", action: "PutImage" }, { code: "throttled", retryable: true }],
    ["failing", { kind: "error-before", action: "PutImage" }, { code: "registry-unavailable", retryable: true }],
    ["out of reach", { kind: "error-before", code: "ECONNRESET" }, { code: "registry-unreachable", retryable: true }],
    ["refusing", { kind: "error-before", status: 400, code: "Odd" }, { code: "request-refused", retryable: false }],
    [
      "refusing the credentials",
      { kind: "error-before", status: 403, code: "ExpiredToken", service: "sts" },
      { code: "credentials-refused", retryable: false },
    ],
  ])("where the registry is %s", async (_, fault, expected) => {
    const { push, sandbox, createFor } = openRepository();
    push(1);
    sandbox.faults.add({ kind: "error-before", ...fault });

    await expect(createFor(pipeline).release(request)).rejects.toMatchObject({
      ...expected,
      hint: expect.stringMatching(/./),
      where: expect.stringMatching(/^(?:ecr|sts):\w+ of /),
    });
  });

  it("where there are no credentials at all", async () => {
    const { sandbox } = openRepository();
    const { requestHandler } = sandbox;
    const credentials = async () => {
      throw Object.assign(new Error("Could not load credentials from any providers"), {
        name: "CredentialsProviderError",
      });
    };
    const settings = { region: "ap-southeast-2", requestHandler, credentials };
    const releaser = createReleaser({
      ecr: new ECRClient(settings),
      sts: new STSClient(settings),
      registryId: pipeline,
    });

    await expect(releaser.release(request)).rejects.toMatchObject({
      code: "credentials-missing",
      hint: expect.stringContaining("instance profile"),
    });
  });

  it("where the signal ended it", async () => {
    const { push, createFor } = openRepository();
    push(1);

    await expect(createFor(pipeline).release(request, AbortSignal.abort())).rejects.toMatchObject({
      code: "aborted",
      retryable: true,
    });
  });
});
