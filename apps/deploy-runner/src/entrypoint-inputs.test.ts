import { describe, expect, it } from "vitest";
import { anAssignment } from "../test/support/records.ts";
import { entrypointEnvironment, entrypointFiles } from "./entrypoint-inputs.ts";

describe("entrypointEnvironment", () => {
  it("tells the entry point where it is, and to try once", () => {
    expect(entrypointEnvironment(anAssignment())).toEqual({
      AREA: "staging",
      ACCOUNT_ID: "333333333333",
      REGION: "ap-southeast-2",
      AWS_REGION: "ap-southeast-2",
      AWS_DEFAULT_REGION: "ap-southeast-2",
      GIT_REPO: "dga-network",
      DEPARTMENT: "AusDTO",
      ATTEMPTS: "1",
      PAUSE: "10",
    });
  });

  it("names the image and the workload where the mapping has no GitHub", () => {
    const environment = entrypointEnvironment(anAssignment({ github: null, repository: "staging/dga-network" }));

    expect(environment).toMatchObject({ GIT_REPO: "staging/dga-network", DEPARTMENT: "dataGov" });
  });
});

describe("entrypointFiles", () => {
  it("has the variables, area and region beside them, where the original kept them", () => {
    const files = entrypointFiles(anAssignment({ variables: { size: "small", count: "3", area: "mine" } }));

    expect(Object.keys(files)).toEqual([".config/windlass.auto.tfvars.json"]);
    expect(JSON.parse(files[".config/windlass.auto.tfvars.json"] ?? "")).toEqual({
      size: "small",
      count: "3",
      area: "staging",
      region: "ap-southeast-2",
    });
  });

  it("leaves out lists and maps, which Terraform reads in a TF_VAR_ only", () => {
    const variables = { zones: '["a","b"]', tags: ' { team = "x" }', name: "a[0]" };

    const files = entrypointFiles(anAssignment({ variables }));

    expect(Object.keys(JSON.parse(files[".config/windlass.auto.tfvars.json"] ?? "{}"))).toEqual([
      "name",
      "area",
      "region",
    ]);
  });
});
