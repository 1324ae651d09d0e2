import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { anAssignment } from "../test/support/records.ts";
import { requireConfiguration } from "./require-configuration.ts";

function moduleOf(...names: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), "windlass-module-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const name of names) writeFileSync(join(folder, name), "");
  return folder;
}

it.each([["main.tf"], ["network.tf.json"], ["main.tofu"], ["main.tofu.json"], ["README.md", "not_an_overrides.tf"]])(
  "takes a folder with %s for a module",
  async (...names) => {
    await expect(requireConfiguration(moduleOf(...names), anAssignment())).resolves.toBeUndefined();
  },
);

it.each([
  ["nothing"],
  ["README.md, variables.tfvars", "variables.tfvars", "README.md"],
  [".main.tf", ".main.tf"],
  ["#main.tf#", "#main.tf#"],
  ["main.tf~", "main.tf~"],
  ["cloud_override.tf, override.tf.json", "override.tf.json", "cloud_override.tf"],
])("refuses a folder with %s, whose plan would be to destroy", async (found, ...names) => {
  await expect(requireConfiguration(moduleOf(...names), anAssignment())).rejects.toMatchObject({
    code: "image-unfit",
    found,
    hint: expect.stringContaining("WORKDIR"),
  });
});

it("leaves to an entry point where its module is", async () => {
  await expect(requireConfiguration(moduleOf(), anAssignment({ entrypoint: ["apply"] }))).resolves.toBeUndefined();
});
