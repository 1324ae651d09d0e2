import { checkIsolation } from "@windlass/isolation";
import { describe, expect, it } from "vitest";
import { accountTemplates } from "../support/account-templates.ts";
import { MUTANTS } from "../support/mutants.ts";
import { mutate } from "../support/mutate.ts";
import { exampleWith } from "../support/templates.ts";

const repositoryEach = ['repository: "{image}"', 'repository: "{area}/{image}"'] as const;
const latest = ['tag: "{area}"', "tag: latest"] as const;
const withOwnNames = [
  "alias: sts-production\n",
  "alias: sts-production\n    infra: { bucket: dga-state, deployGroup: dga-deploy, prefix: windlass-dga }\n",
] as const;
const withOwnLogging = ["    infra: { logRetention: 365 }\n", ""] as const;
const withWorkflows = [
  "  pipeline:\n",
  '  pipeline:\n    githubActions: { subjects: ["repo:AusDTO/dga-network:ref:refs/heads/*"] }\n',
] as const;
const withReaders = [
  "  alarms: ops@example.com\n",
  "  alarms: ops@example.com\n  readers: [dga-web-instance]\n",
] as const;

const example = accountTemplates(exampleWith());

describe("the synthesized templates of all accounts", () => {
  it.each([
    ["one repository for each image", []],
    ["a repository for each area and image", [repositoryEach, latest]],
    ["names of an area's own", [withOwnLogging, withOwnNames]],
    ["workflows that publish", [withWorkflows]],
    ["roles of instances that pull", [withReaders]],
  ])("let nobody into another account, with %s", (_, changes) => {
    const { findings, examined } = checkIsolation(accountTemplates(exampleWith(...changes)));

    expect(findings).toEqual([]);
    expect(examined.accounts).toBe(4);
    expect(examined.principals).toBeGreaterThan(40);
    expect(examined.resources).toBeGreaterThan(100);
    expect(examined.requests).toBeGreaterThan(20_000);
  });

  it("let the areas' roles do nothing in the pipeline account but read images", () => {
    const { table } = checkIsolation(example);

    const answered = table.filter(({ answer }) => answer !== "denied");

    expect(new Set(answered.map(({ answer }) => answer))).toEqual(new Set(["reads"]));
    expect(new Set(answered.map(({ principal }) => principal.split(":")[4]))).toEqual(
      new Set(["222222222222", "333333333333", "444444444444"]),
    );
    expect(new Set(answered.map(({ principal }) => principal.split("/")[1]))).toEqual(
      new Set(["windlass-lambda", "windlass-instance"]),
    );
  });
});

describe("the proof of isolation", () => {
  it.each(MUTANTS)("finds $name", ({ stack, change, code }) => {
    const { findings } = checkIsolation(mutate(example, stack, change));

    expect(findings.map((finding) => finding.code)).toContain(code);
    const found = findings.find((finding) => finding.code === code);
    expect(found?.stack).toBe(stack);
    expect(found?.why).not.toBe("");
    expect(found?.hint).not.toBe("");
  });
});
