import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type ModuleContent, moduleText } from "./modules.ts";
import { programs } from "./programs.ts";
import { findTerraform } from "./terraform-binary.ts";

const real = findTerraform(process.env["PATH"] ?? "");
const terraforms = [
  { title: "the stand-in", command: [process.execPath, programs.standInTerraform], there: true },
  { title: "real Terraform (skipped where it is not on the PATH)", command: [real.path], there: real.kind === "real" },
];

interface Applied {
  readonly counts: string;
  readonly exitCode: number | null;
  readonly output: string;
}

describe.each(terraforms)("a module of the demo, with $title", ({ command: [program = "", ...first], there }) => {
  const folder = mkdtempSync(join(tmpdir(), "windlass-module-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  function terraform(...args: readonly string[]) {
    const env = {
      PATH: process.env["PATH"] ?? "",
      TF_VAR_area: "scratch",
      TF_VAR_region: "r",
      CHECKPOINT_DISABLE: "1",
    };
    return spawnSync(program, [...first, ...args], { cwd: folder, encoding: "utf8", env });
  }

  function apply(content: ModuleContent): Applied {
    writeFileSync(join(folder, "main.tf"), moduleText(content));
    expect(terraform("init", "-input=false", "-no-color").status).toBe(0);
    expect(terraform("plan", "-input=false", "-no-color", "-out=plan").status).toBe(0);
    const shown = JSON.parse(terraform("show", "-json", "plan").stdout) as {
      resource_changes: readonly { readonly change: { readonly actions: readonly string[] } }[];
    };
    const actions = shown.resource_changes.map(({ change }) => change.actions.join("+")).toSorted();
    const applied = terraform("apply", "-input=false", "-no-color", "plan");
    return { counts: actions.join(" "), exitCode: applied.status, output: applied.stdout + applied.stderr };
  }

  it.skipIf(!there)("is made, changed, broken and mended alike", () => {
    expect(apply({ image: "dga-site", version: "1" })).toMatchObject({ counts: "create create", exitCode: 0 });
    expect(apply({ image: "dga-site", version: "1" })).toMatchObject({ counts: "no-op no-op", exitCode: 0 });

    const broken = apply({ image: "dga-site", version: "2", broken: true });
    expect(broken).toMatchObject({ counts: "create no-op update", exitCode: 1 });
    expect(broken.output).toContain("Resource postcondition failed");

    expect(apply({ image: "dga-site", version: "3" })).toMatchObject({ exitCode: 0 });
    expect(apply({ image: "dga-site", version: "3" })).toMatchObject({ counts: "no-op no-op", exitCode: 0 });
  });
});
