import { execFileSync } from "node:child_process";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { type Alteration, openAlteringProxy } from "../support/altering-proxy.ts";
import { fileLayer, podmanWith, REPOSITORY, readPolicy, registryOf } from "../support/container-world.ts";
import { CONTAINER_ENGINES, oneContainerWorld } from "../support/each-container-world.ts";
import { ACCOUNT, BUCKET, OTHER_DIGEST } from "../support/records.ts";

const MODULE = { "main.tf": 'resource "terraform_data" "one" {}' };

describe.each(CONTAINER_ENGINES)("a container of %s that does not come to run", { timeout: 120_000 }, (program) => {
  const world = oneContainerWorld(program);
  let number = 7;

  /** Deploys, and gives the result. */
  async function deploy(change: Readonly<Record<string, unknown>>, environment: Readonly<Record<string, string>> = {}) {
    number += 1;
    const runner = await world().boot(
      { deployment: `20261124t090000z-${number}`, epoch: number, ...change },
      environment,
    );
    expect(await runner.exit, runner.said()).toBe(0);
    return { ...runner.result(), said: runner.said() };
  }

  /** A file system that is full soon. */
  async function makeSmallDisk(size: string): Promise<string> {
    const path = join(world().root, `disk-${number}`);
    await mkdir(path);
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "none", path]);
    // The engine mounts its storage once more, over itself.
    onTestFinished(() => void execFileSync("umount", ["--lazy", "--recursive", path]));
    return path;
  }

  async function deployThroughProxy(digest: string, alter: Alteration) {
    const proxy = await openAlteringProxy(world().url, alter);
    onTestFinished(() => proxy.close().then(() => {}));
    return await deploy({ digest }, { AWS_ENDPOINT_URL: proxy.url });
  }

  it("fails with image-missing where the registry does not have the digest", async () => {
    expect(await deploy({ digest: OTHER_DIGEST })).toMatchObject({
      outcome: "failed",
      exitCode: null,
      digest: null,
      failure: { code: "image-missing", hint: expect.stringContaining("push and release it again") },
    });
  });

  it("fails with digest-mismatch where other bytes come than the registry vouches for", async () => {
    const digest = world().pushImage({ ...MODULE, "a.txt": "mismatch" });

    const result = await deployThroughProxy(digest, (path, body) =>
      path.includes("/manifests/") ? Buffer.concat([body, Buffer.from("\n")]) : body,
    );

    expect(result).toMatchObject({
      outcome: "failed",
      digest: null,
      failure: { code: "digest-mismatch", hint: expect.stringContaining("nothing was run") },
      steps: [],
    });
  });

  it("fails with digest-mismatch where a layer has other bytes", async () => {
    const digest = world().pushImage({ ...MODULE, "a.txt": "another layer" });

    const result = await deployThroughProxy(digest, (path, body) => {
      if (!path.includes("/layers/") || body[0] !== 0x1f) return body;
      const altered = Buffer.from(body);
      altered.writeUInt8(altered.readUInt8(altered.length - 6) ^ 1, altered.length - 6);
      return altered;
    });

    expect(result).toMatchObject({ outcome: "failed", failure: { code: "digest-mismatch" }, steps: [] });
  });

  it("is tried again where the registry breaks every connection off", async () => {
    const digest = world().pushImage({ ...MODULE, "a.txt": "no network" });

    expect(await deployThroughProxy(digest, () => "broken")).toMatchObject({
      outcome: "interrupted",
      failure: { code: "registry-unreachable", hint: expect.stringContaining("route") },
    });
  });

  it("fails with architecture-mismatch where the image is for another machine", async () => {
    const digest = world().pushImage(MODULE, { architecture: "s390x" });

    expect(await deploy({ digest })).toMatchObject({
      outcome: "failed",
      failure: { code: "architecture-mismatch", message: expect.stringContaining("found s390x") },
    });
  });

  it("fails with login-refused where the repository's policy does not name the area's account", async () => {
    const digest = world().pushImage({ ...MODULE, "a.txt": "refused" });
    const registry = registryOf(world().sandbox);
    registry.setPolicy(REPOSITORY, null);
    onTestFinished(() => registry.setPolicy(REPOSITORY, readPolicy()));

    expect(await deploy({ digest })).toMatchObject({
      outcome: "failed",
      failure: { code: "login-refused", hint: expect.stringContaining("policy") },
    });
  });

  it("fails with disk-full where there is less room than the image needs", async () => {
    const digest = world().pushImage({ ...MODULE, "a.txt": "small work directory" });
    const disk = await makeSmallDisk("20m");

    expect(await deploy({ digest }, { WINDLASS_WORK_DIRECTORY: disk })).toMatchObject({
      outcome: "failed",
      failure: {
        code: "disk-full",
        message: expect.stringContaining("found 20 MB"),
        hint: expect.stringContaining("larger"),
      },
    });
  });

  // Docker's engine would have to be started with another configuration.
  const withPodman = (name: string, test: () => Promise<void>) => (program === "podman" ? it(name, test) : undefined);
  withPodman("fails with disk-full where the engine's own storage fills up", async () => {
    const digest = world().pushImage({ ...MODULE, "a.txt": "small storage" });
    const disk = await makeSmallDisk("16m");
    const conf = join(disk, "storage.conf");
    await writeFile(
      conf,
      `[storage]\ndriver = "overlay"\nrunroot = "${join(disk, "run")}"\ngraphroot = "${join(disk, "graph")}"\n`,
    );

    const result = await deploy({ digest }, { CONTAINERS_STORAGE_CONF: conf });

    expect(result).toMatchObject({
      outcome: "failed",
      failure: { code: "disk-full", message: expect.stringContaining("no space left on device") },
    });
  });

  it.each([
    ["none", "", "found none"],
    // Docker makes it.
    [
      "that is not there",
      "/nowhere",
      program === "podman" ? "no such working directory" : "no Terraform configuration",
    ],
    ["that is a file", "/module/main.tf", "no such working directory"],
    ["that leads elsewhere", "/module/..", "found /module/.."],
  ])("fails with image-unfit where the image has a working directory %s", async (_, WorkingDir, message) => {
    const digest = world().pushImage(MODULE, { runtime: { WorkingDir } });

    expect(await deploy({ digest })).toMatchObject({
      outcome: "failed",
      failure: {
        code: "image-unfit",
        message: expect.stringContaining(message),
        hint: expect.stringContaining("Dockerfile"),
      },
      steps: [],
    });
  });

  it("fails with image-unfit where it has no Terraform configuration, and leaves what is in the state", async () => {
    const image = "in-the-wrong-folder";
    const before = await deploy({ digest: world().pushImage(MODULE), image });
    const layers = [fileLayer({ "elsewhere/README.md": "the module is not here" })];
    const digest = world().pushImage(MODULE, { layers, runtime: { WorkingDir: "/elsewhere" } });

    const result = await deploy({ digest, image });

    expect(before.outcome).toBe("succeeded");
    expect(result).toMatchObject({
      outcome: "failed",
      failure: { code: "image-unfit", message: expect.stringContaining("found README.md") },
      steps: [],
    });
    expect(world().sandbox.account(ACCOUNT).s3.read(BUCKET, `state/${image}.tfstate`)?.text).toContain('"one"');
  });

  it("fails with terraform-missing where the image has neither terraform nor tofu", async () => {
    const digest = world().pushImage(MODULE, { program: null });

    expect(await deploy({ digest })).toMatchObject({
      outcome: "failed",
      exitCode: 127,
      failure: { code: "terraform-missing", hint: expect.stringContaining("terraform or tofu on its PATH") },
    });
  });

  it("runs tofu where the image has no terraform", async () => {
    const digest = world().pushImage(MODULE, { program: "tofu" });

    expect(await deploy({ digest, image: "with-tofu" })).toMatchObject({ outcome: "succeeded", failure: null });
  });

  it("fails with architecture-mismatch where the kernel refuses the program in the image", async () => {
    const digest = world().pushImage(MODULE, { layers: [fileLayer({ "bin/terraform": "\u007fnothing that runs" })] });

    expect(await deploy({ digest })).toMatchObject({
      outcome: "failed",
      failure: { code: "architecture-mismatch", message: expect.stringContaining("exec format error") },
    });
  });

  withPodman("does not take it for a program that is missing where the engine misses something else", async () => {
    const digest = world().pushImage({ ...MODULE, "a.txt": "no device" });
    const environment = await podmanWith(world(), 'devices = ["/dev/not-there"]');

    expect(await deploy({ digest }, environment)).toMatchObject({
      outcome: "failed",
      failure: { code: "terraform-not-started", message: expect.stringContaining("no such file or directory") },
    });
  });

  it("fails with image-unfit where the entry point is not in the image", async () => {
    const digest = world().pushImage(MODULE, { runtime: { Entrypoint: ["/nothing"] } });

    expect(await deploy({ digest, entrypoint: ["apply"] })).toMatchObject({
      outcome: "failed",
      failure: { code: "image-unfit", hint: expect.stringContaining("ENTRYPOINT") },
    });
  });

  it("fails with role-refused, before anything runs, where the apply role may not be assumed", async () => {
    const digest = world().pushImage(MODULE);
    const role = "arn:aws:iam::444444444444:role/windlass-apply";

    expect(await deploy({ digest }, { WINDLASS_APPLY_ROLE: role })).toMatchObject({
      outcome: "failed",
      failure: {
        code: "role-refused",
        message: expect.stringContaining(role),
        hint: expect.stringContaining("must trust"),
      },
      steps: [],
    });
  });

  it.each(["managed", "store"])("is tried again where STS does not answer, with %s state", async (state) => {
    const digest = world().pushImage(MODULE);
    const mend = world().sandbox.faults.add({ kind: "error-before", action: "AssumeRole", status: 503 });
    onTestFinished(mend);

    expect(await deploy({ digest, state })).toMatchObject({
      outcome: "interrupted",
      failure: { code: "role-refused" },
      steps: [],
    });
  });

  it("tells a kill for lack of memory from an error of Terraform's", async () => {
    // It asks for more at once than it may have.
    const greedy = "#!/bin/sh\nexec busybox dd if=/dev/zero of=/dev/null bs=300M count=1\n";
    const digest = world().pushImage(MODULE, { layers: [fileLayer({ "bin/terraform": greedy })] });
    const bin = await wrapEngine();

    const result = await deploy({ digest }, { PATH: `${bin}:${process.env["PATH"] ?? ""}` });

    expect(result).toMatchObject({
      outcome: "failed",
      exitCode: 137,
      failure: {
        code: expect.stringMatching(/^(?:out-of-memory|terraform-killed)$/),
        message: expect.stringContaining("nothing was applied"),
        hint: expect.stringContaining("too little memory"),
      },
    });
  });

  /** The engine's program with less memory for its containers than this machine has. */
  async function wrapEngine(): Promise<string> {
    const bin = join(world().root, "bin");
    const own = execFileSync("which", [program], { encoding: "utf8" }).trim();
    await mkdir(bin);
    const script = `#!${process.execPath}
const args = process.argv.slice(2).map((arg, index, all) => (/^--memory/.test(all[index - 1] ?? "") ? "67108864" : arg));
process.exitCode = require("node:child_process").spawnSync(${JSON.stringify(own)}, args, { stdio: "inherit" }).status;
`;
    await writeFile(join(bin, program), script);
    await chmod(join(bin, program), 0o755);
    return bin;
  }
});
