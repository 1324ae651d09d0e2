import { execFile } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { jobsOf, readExample } from "./example-steps.ts";
import { openCli, program } from "./open-cli.ts";
import { closed, open, writeAssembly } from "./write-assembly.ts";

const jobs = jobsOf("account-mapping/.github/workflows/validate-and-deploy.yml");
const PROVE = "Prove the isolation";

function namesOf(job: string): readonly string[] {
  return (jobs[job]?.steps ?? []).map(({ name }) => name);
}

function scriptOf(job: string, step: string): string {
  return jobs[job]?.steps.find(({ name }) => name === step)?.run ?? "exit 9";
}

/** A checkout of the example with Windlass beside it, whose synthesis gives production this template. */
function openCheckout(production: object) {
  const { folder } = openCli(readExample("account-mapping/windlass.yaml"));
  const bin = join(folder, "bin");
  writeAssembly(join(folder, "made"), {
    pipeline: { account: "111111111111", template: { Resources: {} } },
    "area-scratch": { account: "222222222222", template: closed },
    "area-staging": { account: "333333333333", template: closed },
    "area-production": { account: "444444444444", template: production },
  });
  mkdirSync(join(folder, "windlass", "apps", "infra"), { recursive: true });
  mkdirSync(bin);
  const standIns = {
    npx: `case "$*" in *" synth") cp -r "${folder}/made" "${folder}/windlass/apps/infra/cdk.out" ;; esac`,
    node: `shift; exec "${process.execPath}" "${program}" "$@"`,
  };
  for (const [name, text] of Object.entries(standIns)) {
    writeFileSync(join(bin, name), `#!/bin/sh\necho "$PWD: ${name} $*" >> "${folder}/calls"\n${text}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  const env = { PATH: `${bin}:${process.env["PATH"]}`, HOME: folder };
  return {
    folder,
    calls: () => readFileSync(join(folder, "calls"), "utf8").replaceAll(folder, "."),
    run: (script: string, more: Readonly<Record<string, string>> = {}, cwd = folder) =>
      promisify(execFile)("sh", ["-c", script], { cwd, env: { ...env, ...more } }),
  };
}

describe("the workflow of the account mapping", () => {
  it("proves the isolation on a pull request and on a merge, and deploys after that alone", () => {
    expect(jobs["validate"]).not.toHaveProperty("if");
    expect(namesOf("validate")).toContain(PROVE);
    expect(jobs["deploy"]).toMatchObject({ needs: "validate", if: "github.event_name == 'push'" });
  });

  it("proves it once more of what it deploys, before it has an account's role", () => {
    const steps = namesOf("deploy").filter((name) => [PROVE, "Take the account's role", "Deploy"].includes(name));

    expect(steps).toEqual([PROVE, "Take the account's role", "Deploy"]);
    expect(scriptOf("deploy", PROVE)).toBe(scriptOf("validate", PROVE));
  });

  it.each([
    ["pipeline", "deploy:pipeline"],
    ["staging", "deploy:area staging"],
  ])("deploys %s from the templates that were proven, and makes no new ones", async (TARGET, command) => {
    const { run, calls, folder } = openCheckout(closed);

    await run(scriptOf("deploy", "Deploy"), { TARGET }, join(folder, "windlass"));

    expect(calls()).toBe(
      `./windlass: npx --yes pnpm@10.34.9 --filter @windlass/infra ${command} --app cdk.out --require-approval never\n`,
    );
  });
});

describe.skipIf(!existsSync(program))(
  `the step "${PROVE}"${existsSync(program) ? "" : " (skipped: run the build first)"}`,
  () => {
    it("goes on where nobody reaches into another account", async () => {
      const { run } = openCheckout(closed);

      const { stdout } = await run(scriptOf("validate", PROVE));

      expect(stdout).toContain("Nobody reaches from one account into another.");
    });

    it("ends the job where production trusts the pipeline account", async () => {
      const { run } = openCheckout(open);

      await expect(run(scriptOf("validate", PROVE))).rejects.toMatchObject({
        code: 1,
        stdout: expect.stringContaining("(open-to-account)"),
      });
    });
  },
);
