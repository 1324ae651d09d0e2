import { describe, expect, it } from "vitest";
import { anAssignment, someSettings } from "../test/support/records.ts";
import { terraformCommands } from "./terraform-commands.ts";

describe("terraformCommands", () => {
  it("plans into a file, shows that file and applies that file", () => {
    const { args } = terraformCommands(someSettings(), anAssignment());

    expect(args("plan")).toContain("-out=windlass.tfplan");
    expect(args("show")).toEqual(["show", "-json", "-no-color", "windlass.tfplan"]);
    expect(args("apply").at(-1)).toBe("windlass.tfplan");
  });

  it("never asks and never colours", () => {
    const { args, environment } = terraformCommands(someSettings(), anAssignment());

    for (const step of ["init", "plan", "apply"] as const) {
      expect(args(step)).toEqual(expect.arrayContaining(["-input=false", "-no-color"]));
    }
    expect(environment).toMatchObject({ TF_IN_AUTOMATION: "1", TF_INPUT: "0" });
  });

  it("gives the module its area, its region and the mapping's variables, which can not replace the first two", () => {
    const assignment = anAssignment({ variables: { size: "small", area: "production" } });

    const { environment } = terraformCommands(someSettings(), assignment);

    expect(environment).toMatchObject({
      TF_VAR_area: "staging",
      TF_VAR_region: "ap-southeast-2",
      TF_VAR_size: "small",
    });
  });

  it("leaves a module alone that has a backend of its own", () => {
    const { args, files } = terraformCommands(someSettings(), anAssignment({ state: "image" }));

    expect(files).toEqual({});
    expect(args("init").join(" ")).not.toContain("-backend-config");
  });

  it("keeps a managed state in the area's bucket, one key for each image, with a lock", () => {
    const { args, files } = terraformCommands(someSettings(), anAssignment({ state: "managed", image: "dga-site" }));

    expect(files).toEqual({ "windlass_override.tf": 'terraform {\n  backend "s3" {}\n}\n' });
    expect(args("init")).toEqual(
      expect.arrayContaining([
        "-backend-config=bucket=windlass-state-333333333333",
        "-backend-config=key=state/dga-site.tfstate",
        "-backend-config=region=ap-southeast-2",
        "-backend-config=use_lockfile=true",
      ]),
    );
    expect(args("init").join(" ")).not.toContain("endpoints");
  });

  it("addresses another endpoint than AWS's path-style", () => {
    const settings = someSettings({ endpointUrl: "http://127.0.0.1:4650" });

    const { args } = terraformCommands(settings, anAssignment({ state: "managed" }));

    expect(args("init")).toEqual(
      expect.arrayContaining([
        "-backend-config=use_path_style=true",
        '-backend-config=endpoints={s3="http://127.0.0.1:4650",sts="http://127.0.0.1:4650"}',
      ]),
    );
  });

  it("keeps a state in the store folder, whatever backend the module has, and needs no credentials for that", () => {
    const { args, files } = terraformCommands(someSettings(), anAssignment({ state: "store" }));

    expect(files).toEqual({
      "windlass_override.tf": 'terraform {\n  backend "local" {\n    path = "store/terraform.tfstate"\n  }\n}\n',
    });
    expect(args("init").join(" ")).not.toContain("-backend-config");
  });

  it("breaks a lock by its id, which comes last", () => {
    expect(terraformCommands(someSettings(), anAssignment()).args("unlock")).toEqual(["force-unlock", "-force"]);
  });

  it("gives an entry point its arguments and its files, and lays nothing over the module", () => {
    const assignment = anAssignment({
      state: "store",
      entrypoint: ["apply-no-color", "now"],
      variables: { size: "s" },
    });

    const { args, environment, files } = terraformCommands(someSettings(), assignment);

    expect(args("entrypoint")).toEqual(["apply-no-color", "now"]);
    expect(environment).toMatchObject({ ATTEMPTS: "1", AREA: "staging", TF_VAR_size: "s", TF_INPUT: "0" });
    expect(Object.keys(files)).toEqual([".config/windlass.auto.tfvars.json"]);
  });

  it("gives none of an entry point's names to Terraform's own steps", () => {
    expect(Object.keys(terraformCommands(someSettings(), anAssignment()).environment)).not.toContain("ATTEMPTS");
  });
});
