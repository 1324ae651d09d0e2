import { describe, expect, it } from "vitest";
import { commitInConfig, parseManifest } from "./manifest.ts";

const revision = "org.opencontainers.image.revision";
const config = { mediaType: "application/vnd.oci.image.config.v1+json", digest: "sha256:c0ffee", size: 2 };

describe("parseManifest", () => {
  it("leads to an image's configuration", () => {
    expect(parseManifest(JSON.stringify({ config, layers: [] }))).toEqual({
      kind: "image",
      commit: null,
      config: "sha256:c0ffee",
    });
  });

  it("leads past attestations to an index's first platform", () => {
    const manifests = [
      { digest: "sha256:aa", annotations: { "vnd.docker.reference.type": "attestation-manifest" } },
      { digest: "sha256:bb", platform: { os: "unknown", architecture: "unknown" } },
      { digest: "sha256:cc", platform: { os: "linux", architecture: "arm64" } },
      { digest: "sha256:dd", platform: { os: "linux", architecture: "amd64" } },
    ];

    expect(parseManifest(JSON.stringify({ manifests }))).toEqual({
      kind: "index",
      commit: null,
      firstPlatform: "sha256:cc",
    });
  });

  it("finds a commit in the manifest's own annotations", () => {
    const annotations = { [revision]: "4f2a91c" };

    expect(parseManifest(JSON.stringify({ annotations, config }))).toMatchObject({ commit: "4f2a91c" });
    expect(parseManifest(JSON.stringify({ annotations, manifests: [] }))).toMatchObject({ commit: "4f2a91c" });
  });

  it.each([
    ["an artifact's configuration", { config: { ...config, mediaType: "application/vnd.cncf.helm.config.v1+json" } }],
    ["a configuration without digest", { config: { mediaType: config.mediaType } }],
  ])("does not look into %s", (_, manifest) => {
    expect(parseManifest(JSON.stringify(manifest))).toEqual({ kind: "image", commit: null, config: null });
  });

  it.each(["", "no JSON", "null", "[]", "7", '{"config":[]}', '{"schemaVersion":1}'])(
    "takes %j for neither",
    (text) => {
      expect(parseManifest(text)).toEqual({ kind: "other" });
    },
  );

  it("finds nothing in an index whose members have no form", () => {
    expect(parseManifest('{"manifests":[null,7,{"digest":7}]}')).toEqual({
      kind: "index",
      commit: null,
      firstPlatform: null,
    });
  });
});

describe("commitInConfig", () => {
  it.each([
    ["4f2a91c", "4f2a91c"],
    [" 4F2A91C\n", "4f2a91c"],
    ["v1.2.3", null],
    ["", null],
    [7, null],
  ])("takes the label %j for the commit %j", (label, commit) => {
    expect(commitInConfig(JSON.stringify({ config: { Labels: { [revision]: label } } }))).toBe(commit);
  });

  it.each(["{}", '{"config":{"Labels":null}}', "no JSON"])("finds no commit in %j", (text) => {
    expect(commitInConfig(text)).toBeNull();
  });
});
