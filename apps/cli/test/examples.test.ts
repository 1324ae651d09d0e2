import { execFile } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { findProgram, jenkinsScripts, readExample, stepsOf, workflowFiles } from "./example-steps.ts";
import { openCli, pipeline, program } from "./open-cli.ts";

const exec = promisify(execFile);
const commit = "4f2a91c0d5e6f7a8b9c0d1e2f3a4b5c6d7e8f9a0";
const host = `${pipeline}.dkr.ecr.ap-southeast-2.amazonaws.com`;
const mapping = readExample("account-mapping/windlass.yaml");

/** Each shell script of the examples, by where it is. */
const scripts: ReadonlyMap<string, string> = new Map([
  ...[...jenkinsScripts()].map(([stage, text]) => [`Jenkinsfile ${stage}`, text] as const),
  ...workflowFiles.flatMap((file) =>
    stepsOf(file).flatMap(({ name, run }) => (run === undefined ? [] : [[`${file} ${name}`, run] as const])),
  ),
]);

describe("the account mapping to copy", () => {
  it("is right", async () => {
    const { run } = openCli(mapping);

    expect(await run("mapping", "validate", "windlass.yaml")).toMatchObject({ code: 0 });
  });

  it("has the branches that the builds release, and the areas that its workflow deploys", async () => {
    const { run } = openCli(mapping);
    const workflow = readExample("account-mapping/.github/workflows/validate-and-deploy.yml");
    for (const branch of ["Develop", "Staging", "Production"]) {
      const { out } = await run("mapping", "resolve", "windlass.yaml", "--branch", branch, "--json");
      const area = JSON.parse(out);

      expect(area).toMatchObject({ registry: { account: pipeline, region: "ap-southeast-2" } });
      expect(workflow).toMatch(new RegExp(`target: \\[pipeline,.*\\b${area.area}\\b`));
      expect(readExample("jenkins/Jenkinsfile")).toContain(`branch '${branch}'`);
      expect(readExample("github-actions/release.yml")).toMatch(new RegExp(`branches: \\[.*\\b${branch}\\b`));
    }
  });
});

describe("the workflows to copy", () => {
  it.each(workflowFiles)("%s takes every action by its full commit", (file) => {
    const uses = [...readExample(file).matchAll(/^\s+uses: (.*)$/gm)].map(([, action]) => action);

    expect(uses.length).toBe(stepsOf(file).filter((step) => step.uses !== undefined).length);
    for (const action of uses) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it.each(workflowFiles)("%s puts no expression into a script", (file) => {
    for (const { run = "" } of stepsOf(file)) expect(run).not.toContain("${{");
  });
});

describe("the scripts of the examples", () => {
  it("are found", () => {
    expect(jenkinsScripts().size).toBe(5);
    expect([...scripts.keys()]).toContain("github-actions/release.yml Release");
  });

  it.each([...scripts])("are shell: %s", async (_, script) => {
    const { file } = saved(script);

    await exec("sh", ["-n", file]);
  });

  it("leave shellcheck nothing to say", async (context) => {
    const shellcheck = findProgram("shellcheck");
    if (shellcheck === null) return context.skip("shellcheck is not on the PATH");

    for (const script of scripts.values()) {
      const { file } = saved(script);
      expect(await exec(shellcheck, ["--shell=sh", "--severity=style", file])).toMatchObject({ stdout: "" });
    }
    return undefined;
  });
});

function saved(script: string) {
  const { folder } = openCli(mapping);
  const file = join(folder, "script.sh");
  writeFileSync(file, withoutShebang(script));
  return { file };
}

function withoutShebang(script: string): string {
  return script.replace(/^\s*#!.*\n/, "");
}

/** A folder with stand-ins of what builds need, a sandbox served over HTTP, and an image that a push "makes". */
async function openBuild() {
  const cli = openCli(mapping);
  const { folder, registry, sandbox } = cli;
  registry.createRepository("dga-web", {
    mutability: "IMMUTABLE_WITH_EXCLUSION",
    exclusionFilters: ["keep-*", "scratch", "staging", "production"],
  });
  const digest = registry.pushImage({ repository: "dga-web" });
  const { url, close } = await sandbox.listen();
  const bin = join(folder, "bin");
  const standIns = {
    aws: "echo password",
    docker: `case "$1" in push) echo "$2"; echo "build-1: digest: ${digest} size: 528" ;; esac`,
    podman: `case "$1" in push) test "$2" = --digestfile; printf '%s' "${digest}" > "$3" ;; esac`,
    windlass: `exec "${process.execPath}" "${program}" "$@"`,
    node: `shift; exec "${process.execPath}" "${program}" "$@"`,
  };
  mkdirSync(bin);
  for (const [name, text] of Object.entries(standIns)) {
    writeFileSync(join(bin, name), `#!/bin/sh\necho "${name} $*" >> "${folder}/calls"\n${text}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  mkdirSync(join(folder, "account-mapping"));
  writeFileSync(join(folder, "account-mapping", "windlass.yaml"), mapping);
  const env = {
    ...{
      PATH: `${bin}:${process.env["PATH"]}`,
      HOME: folder,
      AWS_ENDPOINT_URL: url,
      AWS_EC2_METADATA_DISABLED: "true",
    },
    ...{ AWS_ACCESS_KEY_ID: pipeline, AWS_SECRET_ACCESS_KEY: "sandbox", AWS_REGION: "ap-southeast-2" },
    ...{ IMAGE: "dga-web", REPOSITORY: "dga-web", REGISTRY: host },
    ...{ BUILD_TAG: "jenkins-web-feature%2Fx-7", BRANCH_NAME: "Staging", GIT_COMMIT: commit },
    ...{ GITHUB_RUN_ID: "7", GITHUB_RUN_ATTEMPT: "1", GITHUB_REF_NAME: "Staging", GITHUB_SHA: commit },
  };
  return {
    digest,
    registry,
    close,
    run: (script: string, more: Readonly<Record<string, string>>) =>
      exec("sh", ["-c", withoutShebang(script)], { cwd: folder, env: { ...env, ...more } }),
    calls: () => readFileSync(join(folder, "calls"), "utf8"),
  };
}

describe.skipIf(!existsSync(program))(
  `builds with the examples' scripts${existsSync(program) ? "" : " (skipped: run the build first)"}`,
  () => {
    it.each([
      ["Jenkinsfile", "docker"],
      ["Jenkinsfile", "podman"],
      ["github-actions/release.yml", "docker"],
      ["github-actions/release.yml", "podman"],
    ])("%s with %s release the digest that the push told", async (file, ENGINE) => {
      const { run, registry, digest, calls, close } = await openBuild();

      for (const step of ["Build", "Test", "Push"]) await run(scripts.get(`${file} ${step}`) ?? "exit 1", { ENGINE });
      const { stdout } = await run(scripts.get(`${file} Release`) ?? "exit 1", { ENGINE });
      await close();

      expect(stdout).toContain("Released dga-web to staging");
      expect(registry.digestOf("dga-web", "staging")).toBe(digest);
      expect(registry.digestOf("dga-web", `git_${commit}`)).toBe(digest);
      expect(calls()).toMatch(new RegExp(`${ENGINE} push .*${host}/dga-web:[A-Za-z0-9_][A-Za-z0-9_.-]*\\n`));
    });

    it("end where the push tells no digest", async () => {
      const { run, close } = await openBuild();
      const push = (scripts.get("Jenkinsfile Push") ?? "exit 0").replace("digest: ", "digested: ");

      await expect(run(push, { ENGINE: "docker" })).rejects.toMatchObject({ code: 1 });
      await close();
    });
  },
);
