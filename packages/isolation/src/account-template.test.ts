import { describe, expect, it } from "vitest";
import { readTemplate } from "./account-template.ts";

const place = { account: "444444444444", stack: "area", role: { kind: "pipeline" } } as const;

describe("a template", () => {
  it.each([
    ["ap-southeast-2", "aws"],
    ["cn-north-1", "aws-cn"],
    ["us-gov-west-1", "aws-us-gov"],
  ])("of %s is in the partition %s", (region, partition) => {
    expect(readTemplate({ ...place, region, template: { Resources: {} } }).partition).toBe(partition);
  });

  it("has resources, each with what it says", () => {
    const template = { Resources: { A: { Type: "X", Condition: "C" }, B: { Type: "Y", Properties: { p: 1 } } } };

    expect([...readTemplate({ ...place, region: "r", template }).resources.values()]).toEqual([
      { logicalId: "A", type: "X", properties: {}, conditional: true },
      { logicalId: "B", type: "Y", properties: { p: 1 }, conditional: false },
    ]);
  });

  it.each([
    ["no Resources", null],
    ["no Resources", { Resources: [] }],
    ["A without Type", { Resources: { A: {} } }],
    ["A without Type", { Resources: { A: "x" } }],
  ])("with %s is none", (found, template) => {
    expect(() => readTemplate({ ...place, region: "r", template })).toThrow(
      expect.objectContaining({ code: "template-unreadable", found, where: "area" }),
    );
  });
});
