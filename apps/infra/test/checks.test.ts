import { spawnSync } from "node:child_process";
import { Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { describe, expect, it } from "vitest";
import { exampleWith, synthesize } from "./support/templates.ts";

const found = spawnSync("cfn-lint", ["--version"], { encoding: "utf8" });
const linter = found.status === 0 ? found.stdout.trim() : null;

const acknowledged = new Map<string, readonly string[]>();
// With all that can be switched on, so that every resource is looked at. Throws where a rule finds something.
const { folder } = synthesize(
  exampleWith(
    ["  alarms: ops@example.com\n", "  alarms: ops@example.com\n  createGithubSecret: true\n  concurrency: 1\n"],
    [
      "    infra: { logRetention: 365 }\n",
      '    infra: { network: { vpc: "ssm:/network/vpc", subnets: ["ssm:/network/a"] } }\n',
    ],
  ),
  (app) => {
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    for (const construct of app.node.findAll()) {
      for (const { type, data } of construct.node.metadata) {
        if (type !== Validations.ACKNOWLEDGED_RULES_METADATA_KEY) continue;
        const path = construct.node.path.replace(/^area-\w+/, "area");
        for (const [id, reason] of Object.entries(data as Record<string, string>)) {
          const key = `${path} ${id.replace(/^.*::(AwsSolutions-\w+).*$/, "$1").replace(/\[.*/, "")}`;
          acknowledged.set(key, [...(acknowledged.get(key) ?? []), reason]);
        }
      }
    }
  },
);

describe("the rules of cdk-nag's AwsSolutions", () => {
  it("are kept, but for these, each at one place", () => {
    expect([...acknowledged.keys()].sort()).toEqual([
      "area/Apply/Boundary/Policy AwsSolutions-IAM5",
      "area/Apply/Role AwsSolutions-IAM4",
      "area/DeployGroup/Group AwsSolutions-AS3",
      "area/DeployGroup/Group AwsSolutions-EC26",
      "area/GitHubSecret AwsSolutions-SMG4",
      "area/Instance/Role AwsSolutions-IAM5",
      "area/Lambda/Role AwsSolutions-IAM5",
      "area/State/Bucket AwsSolutions-S1",
      "pipeline/Publisher/Policy AwsSolutions-IAM5",
    ]);
  });

  it("have at most eight exceptions where a mapping does not ask for an empty secret", () => {
    expect([...acknowledged.keys()].filter((key) => !key.startsWith("area/GitHubSecret ")).length).toBeLessThan(9);
  });

  it("are acknowledged with a reason", () => {
    for (const reason of [...acknowledged.values()].flat()) expect(reason.length).toBeGreaterThan(80);
  });
});

describe.skipIf(linter === null)(linter ?? "cfn-lint (skipped: there is none on the PATH that works)", () => {
  it("finds nothing in the templates", () => {
    const linted = spawnSync("cfn-lint", ["--non-zero-exit-code", "informational", `${folder}/*.template.json`], {
      encoding: "utf8",
    });

    expect(linted.stdout).toBe("");
    expect(linted.status).toBe(0);
  });
});
