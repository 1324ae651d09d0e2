import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { mappingText, openCli, pipeline, program } from "./open-cli.ts";

const commit = "4f2a91c0d5e6f7a8b9c0d1e2f3a4b5c6d7e8f9a0";

function open({ account = pipeline, mapping = mappingText(), repository = "dga-web", movable = "staging" } = {}) {
  const cli = openCli(mapping, account);
  const exclusionFilters = ["keep-*", movable];
  cli.registry.createRepository(repository, { mutability: "IMMUTABLE_WITH_EXCLUSION", exclusionFilters });
  const digest = cli.registry.pushImage({ repository, tags: ["build-7"] });
  const options = ["release", "--mapping", "windlass.yaml", "--image", "dga-web"];
  return {
    ...cli,
    digest,
    release: (...args: readonly string[]) => cli.run(...options, "--commit", commit, ...args),
  };
}

describe("windlass release", () => {
  it("releases an image to the branch's area, and says what it did", async () => {
    const { release, digest, registry } = open();

    const { code, out, error } = await release("--branch", "Staging", "--digest", digest);

    expect({ code, error }).toEqual({ code: 0, error: "" });
    expect(out).toBe(`Put on ${digest}:
  git_${commit}
  ts_20261124T090000Z-git_${commit}
  keep-staging-0
  staging
Released dga-web to staging: dga-web:staging was not there.
`);
    expect(registry.digestOf("dga-web", "staging")).toBe(digest);
  });

  it("changes nothing the second time, and says so", async () => {
    const { release, digest, registry } = open();
    await release("--branch", "Staging", "--digest", digest);
    const before = registry.images("dga-web");

    const { code, out } = await release("--branch", "Staging", "--tag", "build-7");

    expect(code).toBe(0);
    expect(out).toBe(`Nothing to do: dga-web:staging is ${digest} already, and everything is kept.\n`);
    expect(registry.images("dga-web")).toEqual(before);
  });

  it("says what it would do, and does nothing", async () => {
    const { release, digest, registry } = open();

    const { code, out } = await release("--branch", "Staging", "--digest", digest, "--dry-run");

    expect(code).toBe(0);
    expect(out).toMatch(/^Would put on sha256:.*\n {2}git_.*\n {2}ts_.*\n {2}keep-staging-0\n {2}staging\n/);
    expect(registry.digestOf("dga-web", "staging")).toBeNull();
  });

  it("finds repository and tag by the mapping's templates", async () => {
    const mapping = mappingText('source: { repository: "{area}/{image}", tag: latest }');
    const { release, digest, registry } = open({ mapping, repository: "staging/dga-web", movable: "latest" });

    expect(await release("--branch", "Staging", "--digest", digest)).toMatchObject({ code: 0 });

    expect(registry.digestOf("staging/dga-web", "latest")).toBe(digest);
  });

  it("takes the time of the build", async () => {
    const { release, digest, registry } = open();

    await release("--branch", "Staging", "--digest", digest, "--time", "2026-11-24T19:30:00+11:00");

    expect(registry.digestOf("dga-web", `ts_20261124T083000Z-git_${commit}`)).toBe(digest);
  });

  it("prints one JSON object, whatever comes of it", async () => {
    const { release, digest } = open();
    const options = ["--branch", "Staging", "--json"];

    const released = await release(...options, "--digest", digest);
    const failed = await release(...options, "--tag", "none");

    expect(released.code).toBe(0);
    expect(JSON.parse(released.out)).toEqual({
      kind: "released",
      image: "dga-web",
      area: "staging",
      registry: { account: pipeline, region: "ap-southeast-2" },
      repository: "dga-web",
      tag: "staging",
      commit,
      digest,
      from: null,
      head: digest,
      changes: expect.arrayContaining([{ tag: "staging", digest }]),
    });
    expect(failed).toMatchObject({ code: 1, error: "" });
    expect(JSON.parse(failed.out)).toMatchObject({
      kind: "failed",
      area: "staging",
      error: { code: "tag-missing", retryable: false, hint: expect.any(String), text: expect.any(String) },
    });
  });

  it("has an exit code of its own for a branch without an area, and names those that have one", async () => {
    const { release, digest, sandbox } = open();
    const options = ["--branch", "feature/x", "--digest", digest];

    const { code, out, error } = await release(...options);
    const json = await release(...options, "--json");

    expect({ code, out }).toEqual({ code: 3, out: "" });
    expect(error).toBe(
      "the branch feature/x deploys to no area; the mapping knows Staging, Production (unknown-branch)\n",
    );
    expect(json).toMatchObject({ code: 3, error: "" });
    expect(JSON.parse(json.out)).toEqual({
      kind: "unknown-branch",
      branch: "feature/x",
      known: ["Staging", "Production"],
    });
    expect(sandbox.calls.entries).toEqual([]);
  });

  it("says so where another release came right after", async () => {
    const { release, digest, registry, sandbox } = open();
    const other = registry.pushImage({ repository: "dga-web" });
    let isDone = false;
    sandbox.faults.add({
      kind: "latency",
      ms: 0,
      action: "BatchGetImage",
      match() {
        if (!isDone && registry.digestOf("dga-web", "staging") === digest) {
          isDone = true;
          registry.tag("dga-web", "staging", other);
        }
        return true;
      },
    });

    const { code, out } = await release("--branch", "Staging", "--digest", digest);

    expect(code).toBe(4);
    expect(out).toContain(`and overtaken: dga-web:staging is ${other} now.`);
  });

  it.each([
    ["credentials of another account", { account: "333333333333" }, "(account-wrong). Hint: release with a role of"],
    ["a repository that is not there", { repository: "dga-www" }, "(repository-missing). Hint: deploy the pipeline"],
  ])("fails with one line for %s", async (_, world, message) => {
    const { release, digest } = open(world);

    const { code, out, error } = await release("--branch", "Staging", "--digest", digest);

    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(error).toContain(message);
    expect(error.split("\n")).toHaveLength(2);
  });

  it.each([
    ["no image", ["--branch", "Staging"], "one of --digest and --tag"],
    ["two images", ["--branch", "Staging", "--tag", "a", "--digest", "b"], "one of --digest and --tag"],
    ["no time", ["--branch", "Staging", "--tag", "a", "--time", "yesterday"], "--time is no time"],
    [
      "a day that is none",
      ["--branch", "Staging", "--tag", "a", "--time", "2026-13-41T00:00:00Z"],
      "--time is no time",
    ],
    ["a short commit", ["--branch", "Staging", "--tag", "a", "--commit", "4f2a91c"], "(commit-invalid)"],
    ["a short digest", ["--branch", "Staging", "--digest", "sha256:4f2a91c"], "(digest-invalid)"],
    [
      "an image that is not mapped",
      ["--branch", "Staging", "--tag", "a", "--image", "dga-wbe"],
      'did you mean "dga-web"',
    ],
    ["no branch", ["--tag", "a"], "--branch"],
  ])("can not be run with %s", async (_, args, message) => {
    const { release } = open();

    const { code, error } = await release(...args);

    expect(code).toBe(2);
    expect(error).toContain(message);
  });

  it("says what its exit codes are", async () => {
    expect((await open().run("release", "--help")).out).toContain(
      "3 no area has this branch; 4 released, and overtaken",
    );
  });
});

describe.skipIf(!existsSync(program))(
  `the built program${existsSync(program) ? "" : " (skipped: run the build first)"}`,
  () => {
    it("releases over HTTP, with credentials and endpoint from the environment", async () => {
      const { sandbox, registry, digest, folder } = open();
      const { url, close } = await sandbox.listen();
      const env = {
        ...{ AWS_ENDPOINT_URL: url, AWS_ACCESS_KEY_ID: pipeline, AWS_SECRET_ACCESS_KEY: "sandbox" },
        ...{ AWS_EC2_METADATA_DISABLED: "true", HOME: folder },
      };
      const args = ["release", "--mapping", "windlass.yaml", "--image", "dga-web", "--branch", "Staging"];

      const { stdout } = await promisify(execFile)(
        process.execPath,
        [program, ...args, "--digest", digest, "--commit", commit, "--json"],
        { cwd: folder, env },
      );
      await close();

      expect(JSON.parse(stdout)).toMatchObject({ kind: "released", digest });
      expect(registry.digestOf("dga-web", "staging")).toBe(digest);
    });

    it("needs none of the AWS SDK, of Octokit and of YAML to say how it is used", () => {
      const eager = new Map<string, number>();
      const queue = [program];
      for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
        if (eager.has(path)) continue;
        const text = readFileSync(path, "utf8");
        eager.set(path, text.length);
        for (const [, from] of text.matchAll(/(?:^|[;\n])(?:import|export)\b[^;"']*["'](\.\/[^"']+)["']/g)) {
          queue.push(join(dirname(path), from ?? ""));
        }
      }

      const total = [...eager.values()].reduce((sum, size) => sum + size, 0);
      expect(total).toBeGreaterThan(10_000);
      expect(total).toBeLessThan(100_000);
    });
  },
);
