import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { headSource, parseMapping, resolveBranch } from "../src/index.ts";

describe("the example repository's mapping", () => {
  const text = readFileSync(new URL("../../../examples/account-mapping/windlass.yaml", import.meta.url), "utf8");
  const mapping = parseMapping(text, { file: "windlass.yaml" });

  it("has three areas, in the order in which a change goes through them", () => {
    expect(Object.keys(mapping.areas)).toEqual(["scratch", "staging", "production"]);
    expect(resolveBranch(mapping, "Production")).toMatchObject({
      name: "production",
      area: { account: "444444444444" },
    });
  });

  it("has Terraform images with managed state, and an application image", () => {
    expect(mapping.images).toMatchObject({
      "dga-network": { kind: "terraform", state: "managed", after: [] },
      "dga-site": { kind: "terraform", state: "managed", after: ["dga-network"] },
      "dga-web": { kind: "instance-refresh", groups: { kind: "names", names: ["dga-web-asg"] } },
    });
  });

  it("finds heads by the area's tag", () => {
    expect(headSource(mapping, "staging", "dga-web")).toEqual({ repository: "dga-web", tag: "staging" });
  });

  it("names its JSON Schema for editors, by the id that the schema has", () => {
    const schema = readFileSync(new URL("../account-mapping.schema.json", import.meta.url), "utf8");

    expect(text.split("\n", 1)).toEqual([`# yaml-language-server: $schema=${JSON.parse(schema).$id}`]);
  });
});
