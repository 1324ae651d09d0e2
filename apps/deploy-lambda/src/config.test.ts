import { describe, expect, it } from "vitest";
import { sliceWith } from "../test/support/mapping.ts";
import { type Environment, loadConfig } from "./config.ts";
import { LambdaError } from "./lambda-error.ts";

const images = { "dga-network": { kind: "terraform" } };

const env: Environment = {
  WINDLASS_AREA: "scratch",
  WINDLASS_MAPPING: JSON.stringify(sliceWith(images)),
  WINDLASS_STATE_BUCKET: "windlass-state-222222222222",
  WINDLASS_DEPLOY_GROUP: "windlass-deploy",
};

function refuse(changes: Environment): LambdaError {
  try {
    loadConfig({ ...env, ...changes });
  } catch (error) {
    if (error instanceof LambdaError) return error;
    throw error;
  }
  throw new Error("the configuration was accepted");
}

describe("the configuration", () => {
  it("is all that the environment says", () => {
    const config = loadConfig(env);

    expect(config).toMatchObject({
      area: "scratch",
      stateBucket: "windlass-state-222222222222",
      deployGroup: "windlass-deploy",
      logLevel: "info",
      endpointUrl: null,
    });
    expect(config.mapping).toMatchObject({ kind: "inline", slice: { workload: "dataGov" } });
  });

  it("takes the log level in any case, and another endpoint", () => {
    const config = loadConfig({ ...env, LOG_LEVEL: "DEBUG", AWS_ENDPOINT_URL: "http://127.0.0.1:4650" });

    expect(config).toMatchObject({ logLevel: "debug", endpointUrl: "http://127.0.0.1:4650" });
  });

  it("may name an object of S3 for the mapping, in the function's region", () => {
    const config = loadConfig({
      ...env,
      WINDLASS_MAPPING: "s3://acme-config/areas/scratch.json",
      AWS_REGION: "ap-southeast-2",
    });

    expect(config.mapping).toEqual({
      kind: "object",
      bucket: "acme-config",
      key: "areas/scratch.json",
      region: "ap-southeast-2",
    });
  });

  it("reports to nobody unless it is told to", () => {
    expect(loadConfig(env).reports).toEqual({
      githubSecret: null,
      githubApiUrl: null,
      topics: { start: null, finished: null, error: null },
    });
  });

  it("names the secret of the GitHub App, another GitHub, and the topics", () => {
    const { reports } = loadConfig({
      ...env,
      WINDLASS_GITHUB_SECRET: "windlass/github-app",
      WINDLASS_GITHUB_API_URL: "https://github.example.com/api/v3/",
      WINDLASS_TOPIC_ERROR: "arn:aws:sns:ap-southeast-2:222222222222:windlass-error",
    });

    expect(reports).toEqual({
      githubSecret: "windlass/github-app",
      githubApiUrl: "https://github.example.com/api/v3",
      topics: { start: null, finished: null, error: "arn:aws:sns:ap-southeast-2:222222222222:windlass-error" },
    });
  });

  it("says everything that is missing at once", () => {
    const error = refuse({
      WINDLASS_AREA: undefined,
      WINDLASS_MAPPING: undefined,
      WINDLASS_STATE_BUCKET: "",
      WINDLASS_DEPLOY_GROUP: undefined,
      LOG_LEVEL: "loud",
    });

    expect(error.code).toBe("configuration-invalid");
    expect(error.message).toContain("5 problems");
    for (const name of ["WINDLASS_AREA", "WINDLASS_MAPPING", "WINDLASS_STATE_BUCKET", "WINDLASS_DEPLOY_GROUP"]) {
      expect(error.message).toContain(`${name} is missing`);
    }
    expect(error.message).toContain(
      'LOG_LEVEL is malformed: expected one of trace, debug, info, warn, error, fatal, silent, found "loud"',
    );
  });

  it.each<[string, Environment, string]>([
    ["a bucket that can not be", { WINDLASS_STATE_BUCKET: "Not A Bucket" }, "WINDLASS_STATE_BUCKET is malformed"],
    ["a group that can not be", { WINDLASS_DEPLOY_GROUP: "a:b" }, "WINDLASS_DEPLOY_GROUP is malformed"],
    ["an endpoint that is no URL", { AWS_ENDPOINT_URL: "localhost:4566" }, "AWS_ENDPOINT_URL is malformed"],
    ["a topic that is no ARN", { WINDLASS_TOPIC_START: "windlass-start" }, "WINDLASS_TOPIC_START is malformed"],
    ["a secret that can not be", { WINDLASS_GITHUB_SECRET: "{}" }, "WINDLASS_GITHUB_SECRET is malformed"],
    ["a GitHub that is no URL", { WINDLASS_GITHUB_API_URL: "github.com" }, "WINDLASS_GITHUB_API_URL is malformed"],
    ["a mapping that is not JSON", { WINDLASS_MAPPING: "version: 1" }, "WINDLASS_MAPPING is malformed: it is not JSON"],
    [
      "a mapping object without a key",
      { WINDLASS_MAPPING: "s3://acme", AWS_REGION: "eu-west-1" },
      "WINDLASS_MAPPING is malformed",
    ],
    ["a mapping object without a region", { WINDLASS_MAPPING: "s3://acme/a.json" }, "AWS_REGION is missing"],
    ["another area's slice", { WINDLASS_AREA: "production" }, "expected production (WINDLASS_AREA), found scratch"],
  ])("refuses %s", (_what, changes, expected) => {
    expect(refuse(changes).message).toContain(expected);
  });

  it("refuses a mapping that does not fit into the environment, and says where to put it", () => {
    const many = Object.fromEntries(
      Array.from({ length: 120 }, (_, index) => [`image-${index}`, { kind: "terraform" }]),
    );

    const error = refuse({ WINDLASS_MAPPING: JSON.stringify(sliceWith(many)) });

    expect(error.message).toMatch(/WINDLASS_MAPPING is oversized: expected at most 3072 bytes, found \d+; .*s3:\/\//);
  });

  it("passes on every problem of the mapping with its path", () => {
    const wrong = sliceWith({ "dga-network": { kind: "terrafrom" } }, { workload: 7 });

    const error = refuse({ WINDLASS_MAPPING: JSON.stringify(wrong) });

    expect(error.message).toContain("images.dga-network.kind");
    expect(error.message).toContain("workload");
    expect(error.message).toContain("2 problems");
  });

  it("refuses the whole mapping where one area's slice belongs", () => {
    const areas = { staging: { branch: "Staging", account: "333333333333" } };
    const whole = sliceWith(images);
    const both = { ...whole, areas: { ...(whole["areas"] as object), ...areas } };

    expect(refuse({ WINDLASS_MAPPING: JSON.stringify(both) }).message).toContain("not-a-slice");
  });
});
