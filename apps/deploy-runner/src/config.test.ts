import { describe, expect, it } from "vitest";
import { loadConfig } from "./config.ts";
import { RunnerError } from "./runner-error.ts";

const COMPLETE = {
  WINDLASS_AREA: "staging",
  WINDLASS_ACCOUNT: "333333333333",
  AWS_REGION: "ap-southeast-2",
  WINDLASS_STATE_BUCKET: "windlass-state-333333333333",
  WINDLASS_DEPLOY_GROUP: "windlass-deploy",
  WINDLASS_WORK_DIRECTORY: "/var/lib/windlass",
  WINDLASS_ENGINE: "directory",
  WINDLASS_MODULES: "/opt/modules",
};

function problemOf(environment: Readonly<Record<string, string | undefined>>): RunnerError {
  try {
    loadConfig(environment);
  } catch (error) {
    if (error instanceof RunnerError) return error;
    throw error;
  }
  throw new Error("expected the configuration to be refused");
}

describe("loadConfig", () => {
  it("fills in what is optional", () => {
    expect(loadConfig(COMPLETE)).toMatchObject({
      area: "staging",
      engine: { kind: "directory", program: null },
      applyRole: null,
      instance: null,
      deployment: null,
      metadataEndpoint: "http://169.254.169.254",
      endpointUrl: null,
      logLevel: "info",
      timings: { lease: 20, fence: 180, log: 4 },
      secrets: [],
    });
  });

  it("names every problem at once, with what was found", () => {
    const error = problemOf({
      ...COMPLETE,
      WINDLASS_AREA: undefined,
      WINDLASS_ACCOUNT: "12345",
      AWS_REGION: "",
      WINDLASS_MODULES: "modules",
      WINDLASS_DEPLOYMENT: "latest",
      LOG_LEVEL: "loud",
      WINDLASS_LEASE_SECONDS: "soon",
    });

    expect(error.code).toBe("config-invalid");
    expect(error.message).toContain("7 problems");
    for (const line of [
      "WINDLASS_AREA: is not set",
      'WINDLASS_ACCOUNT: expected 12 digits, found "12345"',
      "AWS_REGION: is empty",
      'WINDLASS_MODULES: expected an absolute path, found "modules"',
      'WINDLASS_DEPLOYMENT: expected a deployment id such as 20261124t090000z-42, found "latest"',
      "LOG_LEVEL: ",
      'WINDLASS_LEASE_SECONDS: expected seconds, found "soon"',
    ]) {
      expect(error.message).toContain(line);
    }
  });

  it("refuses a fence that would fall between two renewals", () => {
    const error = problemOf({ ...COMPLETE, WINDLASS_FENCE_SECONDS: "20" });

    expect(error.message).toContain("WINDLASS_FENCE_SECONDS: expected more than WINDLASS_LEASE_SECONDS");
  });

  it.each([
    ["180", "90", "30"],
    ["270", undefined, undefined],
    [undefined, "105", undefined],
    [undefined, undefined, "45"],
  ])("refuses a runner that may outlive its lease: fence %s, urgent grace %s, kill %s", (fence, grace, kill) => {
    const timings = {
      WINDLASS_FENCE_SECONDS: fence,
      WINDLASS_URGENT_GRACE_SECONDS: grace,
      WINDLASS_KILL_SECONDS: kill,
    };

    expect(problemOf({ ...COMPLETE, ...timings }).message).toMatch(
      /WINDLASS_FENCE_SECONDS: expected less than 300 s together with WINDLASS_URGENT_GRACE_SECONDS and WINDLASS_KILL_SECONDS, since the Lambda takes the lease for expired then: they make 3\d\d s/,
    );
  });

  it("takes timings that end Terraform just before its lease", () => {
    expect(loadConfig({ ...COMPLETE, WINDLASS_FENCE_SECONDS: "209" }).timings).toMatchObject({ fence: 209 });
  });

  it("allows the default module only where it is told so", () => {
    const allow = (value?: string) =>
      loadConfig({ ...COMPLETE, ...(value === undefined ? {} : { WINDLASS_ALLOW_DEFAULT_MODULE: value }) }).engine;

    expect(allow()).toMatchObject({ allowDefault: false });
    expect(allow("0")).toMatchObject({ allowDefault: false });
    expect(allow("1")).toMatchObject({ allowDefault: true });
    expect(problemOf({ ...COMPLETE, WINDLASS_ALLOW_DEFAULT_MODULE: "yes" }).message).toContain(
      'WINDLASS_ALLOW_DEFAULT_MODULE: expected 0 or 1, found "yes"',
    );
  });

  it("hands Terraform the environment, without switches and variables of Terraform's own and of this Node's", () => {
    const { engine } = loadConfig({
      ...COMPLETE,
      PATH: "/usr/bin",
      HOME: "/root",
      AWS_ACCESS_KEY_ID: "222222222222",
      TF_LOG: "DEBUG",
      TF_LOG_PROVIDER: "TRACE",
      TF_VAR_area: "production",
      TF_CLI_ARGS_apply: "-auto-approve",
      TF_WORKSPACE: "other",
      TF_CLI_CONFIG_FILE: "/etc/terraformrc",
      TF_PLUGIN_CACHE_DIR: "/opt/plugins",
      NODE_OPTIONS: "--inspect",
    });

    expect(engine.environment).toEqual({
      ...COMPLETE,
      PATH: "/usr/bin",
      HOME: "/root",
      AWS_ACCESS_KEY_ID: "222222222222",
      TF_CLI_CONFIG_FILE: "/etc/terraformrc",
      TF_PLUGIN_CACHE_DIR: "/opt/plugins",
    });
  });

  it("knows the credentials that must never be shown", () => {
    const { secrets } = loadConfig({ ...COMPLETE, AWS_SECRET_ACCESS_KEY: "abc", AWS_SESSION_TOKEN: "def" });

    expect(secrets).toEqual(["abc", "def"]);
  });
});
