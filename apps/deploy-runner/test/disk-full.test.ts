import { execFileSync } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { missingTerraform, openProcessWorld, type ProcessWorld } from "./support/process-world.ts";
import { ACCOUNT, BUCKET } from "./support/records.ts";

const missing = process.getuid?.() === 0 ? missingTerraform() : "only root can mount a small disk";

/** A plan of more than 256 KB, however well it is compressed. */
const LARGE = `
resource "terraform_data" "large" {
  input = join("", flatten([for one in range(70) : [for other in range(70) : sha512("\${one} \${other}")]]))
}
`;

describe("a disk that is full", { timeout: 60_000 }, () => {
  let world: ProcessWorld;
  let disk = "";
  beforeEach(async (context) => {
    if (missing !== null) context.skip(missing);
    world = await openProcessWorld();
    disk = join(world.root, "disk");
    await mkdir(disk);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=256k", "none", disk]);
  });
  afterEach(async () => {
    if (missing !== null) return;
    execFileSync("umount", ["--lazy", disk]);
    await world.close();
  });

  async function deploy(change: Record<string, unknown>) {
    const runner = await world.boot({ state: "store", ...change }, { WINDLASS_WORK_DIRECTORY: disk });
    expect(await runner.exit, runner.said()).toBe(0);
    return runner.result();
  }

  it("is what a deployment fails with where Terraform meets it", async () => {
    await world.writeModule(LARGE);

    expect(await deploy({})).toMatchObject({
      outcome: "failed",
      failure: {
        code: "disk-full",
        message: expect.stringMatching(/no space left on device/i),
        hint: expect.stringContaining("make the volume of the deploy instances larger"),
      },
    });
  });

  it("is what a deployment fails with where the runner meets it, and no defect of the runner's", async () => {
    await world.writeModule('resource "terraform_data" "one" {}');
    const outputs = { text: { value: "x".repeat(400_000), type: "string" } };
    const state = { version: 4, terraform_version: "1.11.4", serial: 3, lineage: "a", outputs, resources: [] };
    const key = "state/dga-network/store/terraform.tfstate";
    world.sandbox.account(ACCOUNT).s3.write(BUCKET, key, JSON.stringify(state));

    expect(await deploy({ expectsState: true })).toMatchObject({
      outcome: "failed",
      steps: [],
      failure: {
        code: "disk-full",
        message: expect.stringContaining("ENOSPC"),
        hint: expect.stringContaining("make the volume of the deploy instances larger"),
      },
    });
  });
});
