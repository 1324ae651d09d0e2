import {
  type DeploymentId,
  type DeploymentReport,
  holdCommand,
  logsCommand,
  parseImageDigest,
  retryCommand,
} from "@windlass/deployment";
import { describe, expect, it } from "vitest";
import { problemOf } from "./parse-command.ts";

const digest = parseImageDigest(`sha256:${"ab".repeat(32)}`);
const report = {
  image: "dga-web",
  area: "production",
  deployment: "20261124t021500z-42" as DeploymentId,
  outcome: "failed",
  lastGood: { digest, commit: null },
} as DeploymentReport;

describe("the commands that issues and messages print", () => {
  it.each([
    retryCommand(report),
    retryCommand({ ...report, outcome: "unknown" }),
    logsCommand(report),
    holdCommand(report) ?? "none",
  ])("are commands of windlass: %s", async (command) => {
    expect(await problemOf(command)).toBeNull();
  });

  it.each([
    ["windlass retyr dga-web", "unknown command 'retyr'"],
    ["windlass unhold x --area y --reason z --waits", "unknown option '--waits'"],
    ["windlass retry dga-web --area production", "required option '--reason <text>'"],
  ])("would be found to be none: %s", async (command, problem) => {
    expect(await problemOf(command)).toContain(problem);
  });
});
