import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { exampleText } from "./support/templates.ts";

const app = fileURLToPath(new URL("../dist/app.mjs", import.meta.url));
const isBuilt = existsSync(app);

/** The app as the CDK's command line runs it, without a network or credentials. */
async function synthesizeText(text: string) {
  const folder = mkdtempSync(join(tmpdir(), "windlass-app-"));
  writeFileSync(join(folder, "windlass.yaml"), text);
  const env = { INIT_CWD: folder, WINDLASS_MAPPING_FILE: "windlass.yaml", CDK_OUTDIR: join(folder, "cdk.out") };
  const failed = await promisify(execFile)(process.execPath, [app], { env }).then(
    () => null,
    ({ code, stderr }: { code: number; stderr: string }) => ({ code, stderr }),
  );
  return { outdir: env.CDK_OUTDIR, failed };
}

describe.skipIf(!isBuilt)(isBuilt ? "the built app" : "the built app (skipped: run the build first)", () => {
  it("makes templates of an account mapping alone, with the programs of this workspace", async () => {
    const { outdir, failed } = await synthesizeText(exampleText);

    expect(failed).toBeNull();
    const files = readdirSync(outdir);
    expect(files.filter((file) => file.endsWith(".template.json")).sort()).toEqual(
      ["area-production", "area-scratch", "area-staging", "pipeline"].map((stack) => `${stack}.template.json`),
    );
    const bundle = files.find((file) => existsSync(join(outdir, file, "handler.mjs")));
    expect(readFileSync(join(outdir, bundle ?? "", "handler.mjs"), "utf8")).toContain("WINDLASS_MAPPING");
  });

  it("says all that is wrong with the mapping, with its lines, and makes nothing", async () => {
    const { outdir, failed } = await synthesizeText(exampleText.replace("kind: terraform", "kind: terafrom"));

    expect(failed?.code).toBe(1);
    expect(failed?.stderr).toMatch(/windlass\.yaml:\d+:\d+: images\.dga-network\.kind: .*did you mean "terraform"\?/);
    expect(existsSync(outdir)).toBe(false);
  });
});
