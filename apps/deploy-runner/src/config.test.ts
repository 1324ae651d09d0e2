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

describe("the engine of the configuration", () => {
  const { WINDLASS_MODULES: _, ...rest } = COMPLETE;
  const CONTAINERS = {
    ...rest,
    WINDLASS_ENGINE: "docker",
    WINDLASS_APPLY_ROLE: "arn:aws:iam::333333333333:role/windlass/windlass-apply-staging",
  };

  it.each(["docker", "podman"])("is %s with a role for Terraform", (engine) => {
    const config = loadConfig({ ...CONTAINERS, WINDLASS_ENGINE: engine });

    expect(config).toMatchObject({ engine: { kind: engine }, applyRole: CONTAINERS.WINDLASS_APPLY_ROLE });
  });

  it("needs a role for containers, which never have the instance's own credentials", () => {
    const error = problemOf({ ...CONTAINERS, WINDLASS_APPLY_ROLE: undefined });

    expect(error.message).toContain("WINDLASS_APPLY_ROLE: is not set, and docker needs it");
  });

  it("takes no role for a directory, whose Terraform would not have it", () => {
    const error = problemOf({ ...COMPLETE, WINDLASS_APPLY_ROLE: CONTAINERS.WINDLASS_APPLY_ROLE });

    expect(error.message).toContain("WINDLASS_APPLY_ROLE: expected none with the directory engine");
  });

  it("needs modules for a directory", () => {
    const error = problemOf({ ...COMPLETE, WINDLASS_MODULES: undefined });

    expect(error.message).toContain("WINDLASS_MODULES: is not set, and directory needs it");
  });

  it.each([
    ["arn:aws:iam::333333333333:user/kim", "expected the ARN of a role"],
    ["windlass-apply-staging", "expected the ARN of a role"],
    ["", "is empty"],
  ])("takes no %j for a role", (WINDLASS_APPLY_ROLE, problem) => {
    expect(problemOf({ ...CONTAINERS, WINDLASS_APPLY_ROLE }).message).toContain(`WINDLASS_APPLY_ROLE: ${problem}`);
  });

  it("is none of the machine's choosing", () => {
    const error = problemOf({ ...CONTAINERS, WINDLASS_ENGINE: undefined });

    expect(error.message).toContain("WINDLASS_ENGINE: expected docker, podman or directory");
    expect(problemOf({ ...CONTAINERS, WINDLASS_ENGINE: "containerd" }).message).toContain('found "containerd"');
  });

  it("gives its own program where it is and how it gets to the registry, and no credentials of any kind", () => {
    const kept = {
      PATH: "/bin",
      HOME: "/root",
      TMPDIR: "/var/tmp",
      XDG_RUNTIME_DIR: "/run",
      CONTAINERS_CONF: "/etc/containers.conf",
      CONTAINER_HOST: "unix:///run/podman.sock",
      DOCKER_HOST: "unix:///run/docker.sock",
      HTTPS_PROXY: "http://proxy:3128",
      no_proxy: "169.254.169.254",
    };
    const { engine } = loadConfig({
      ...CONTAINERS,
      ...kept,
      AWS_ACCESS_KEY_ID: "ASIA",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_SESSION_TOKEN: "token",
      AWS_SHARED_CREDENTIALS_FILE: "/etc/aws/credentials",
      AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://x",
      DOCKER_AUTH_CONFIG: "{}",
      REGISTRY_AUTH_FILE: "/etc/auth.json",
      TF_VAR_x: "x",
      LD_PRELOAD: "/x.so",
      NODE_OPTIONS: "--require /x",
    });

    expect(engine).toEqual({ kind: "docker", environment: kept });
  });
});
