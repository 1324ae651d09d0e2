import { type ChildProcess, execFile, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { promisify } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import { builtProgram, runProgram } from "./run-program.ts";

const run = promisify(execFile);
const version = spawnSync("aws", ["--version"], { encoding: "utf8" });
const [, major, minor] = /aws-cli\/(\d+)\.(\d+)/.exec(`${version.stdout}${version.stderr}`) ?? [];
/** The first versions that take their endpoint from `AWS_ENDPOINT_URL`. */
const hasAwsCli = Number(minor) >= (major === "1" ? 29 : 13);
const PIPELINE = "111111111111";
const SCRATCH = "222222222222";
const BUCKET = "windlass-state-222222222222-ap-southeast-2";

let server: ChildProcess | undefined;
afterEach(async () => {
  if (server === undefined || server.exitCode !== null) return;
  const ended = once(server, "close");
  server.kill("SIGINT");
  await ended;
});

/** Serves the example mapping and returns where. */
async function serve(args: readonly string[]): Promise<{ readonly url: string; output(): string }> {
  const child = spawn(process.execPath, [builtProgram("serve"), ...args], {
    env: { PATH: process.env["PATH"] ?? "", TMPDIR: tmpdir(), HOME: tmpdir() },
    stdio: ["ignore", "pipe", "inherit"],
  });
  server = child;
  let output = "";
  const url = await new Promise<string>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the server ended with ${code}: ${output}`)));
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      const found = /listens on (http:\S+);/.exec(output)?.[1];
      if (found !== undefined) resolve(found);
    });
  });
  return { url, output: () => output };
}

function awsCli(url: string) {
  return async (account: string, ...args: readonly string[]): Promise<string> => {
    const { stdout } = await run("aws", [...args], {
      env: {
        PATH: process.env["PATH"] ?? "",
        HOME: tmpdir(),
        AWS_ENDPOINT_URL: url,
        AWS_DEFAULT_REGION: "ap-southeast-2",
        AWS_ACCESS_KEY_ID: account,
        AWS_SECRET_ACCESS_KEY: "sandbox",
        AWS_EC2_METADATA_DISABLED: "true",
        PYENV_ROOT: process.env["PYENV_ROOT"] ?? "",
        PYENV_VERSION: process.env["PYENV_VERSION"] ?? "",
      },
      maxBuffer: 16 * 1024 * 1024,
    });
    return stdout;
  };
}

interface LedgerView {
  readonly images: Readonly<Record<string, { readonly live: { readonly digest: string } | null }>>;
}

describe("the served sandbox", () => {
  it.skipIf(!hasAwsCli)(
    "is driven by the AWS CLI through a release from push to live (skipped where no aws of at least 1.29 or 2.13 is on the PATH)",
    async () => {
      const { url } = await serve(["--tick", "300ms", "--always-open"]);
      const aws = awsCli(url);
      const manifest = (size: number) =>
        JSON.stringify({
          schemaVersion: 2,
          mediaType: "application/vnd.oci.image.manifest.v1+json",
          layers: [{ mediaType: "application/vnd.oci.image.layer.v1.tar", size, digest: `sha256:${"0".repeat(64)}` }],
        });
      const put = ["ecr", "put-image", "--repository-name", "dga-network", "--output", "json"];
      const pushed = await aws(PIPELINE, ...put, "--image-tag", "scratch", "--image-manifest", manifest(1));
      const { imageId } = (JSON.parse(pushed) as { image: { imageId: { imageDigest: string } } }).image;

      const first = await untilLive(aws, imageId.imageDigest);
      expect(first).toBe(imageId.imageDigest);

      const group = ["autoscaling", "describe-auto-scaling-groups", "--auto-scaling-group-names", "windlass-deploy"];
      const described = JSON.parse(await aws(SCRATCH, ...group, "--output", "json")) as {
        AutoScalingGroups: readonly { readonly MaxSize: number }[];
      };
      expect(described.AutoScalingGroups[0]?.MaxSize).toBe(1);

      const runs = await aws(SCRATCH, "s3", "ls", `s3://${BUCKET}/runs/`, "--recursive");
      for (const record of ["assignment.json", "claim.json", "lease.json", "result.json", "apply/"]) {
        expect(runs).toContain(record);
      }
      expect(await aws(SCRATCH, "s3", "ls", `s3://${BUCKET}/history/`, "--recursive")).toMatch(/\d{8}t\d{6}z-1\.json/);

      const untagged = JSON.parse(
        await aws(PIPELINE, ...put, "--image-tag", "next", "--image-manifest", manifest(2)),
      ) as {
        image: { imageId: { imageDigest: string } };
      };
      const { imageDigest } = untagged.image.imageId;
      const moved = ["--image-tag", "scratch", "--image-manifest", manifest(2), "--image-digest", imageDigest];
      await aws(PIPELINE, ...put, ...moved);
      expect(await untilLive(aws, imageDigest)).toBe(imageDigest);
    },
  );

  it("says how to use it, and ends at once when it is interrupted", async () => {
    const { output } = await serve(["--tick", "1m"]);
    const child = server;
    const ended = once(child as ChildProcess, "close");
    child?.kill("SIGINT");
    const [code] = await ended;

    expect(output()).toContain("AWS_ENDPOINT_URL=http://127.0.0.1:");
    expect(output()).toContain(`AWS_ACCESS_KEY_ID=${SCRATCH}`);
    expect(output()).toContain("aws ecr put-image --repository-name dga-network --image-tag scratch");
    expect(code).toBe(0);
  });

  it.each([
    [["--tick", "soon"], "expected such as 5s, 500ms or 1m, found soon (option-invalid)"],
    [["--port", "99999"], "expected a number from 1 to 65535, found 99999 (option-invalid)"],
    [["--prot", "1"], "--prot"],
  ])("refuses %j in one line", async (args, message) => {
    const ended = await runProgram("serve", args);

    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain(message);
    expect(ended.stderr).not.toMatch(/\n\s+at /);
  });
});

/** Reads the ledger as a person would, until the digest is live. */
async function untilLive(aws: ReturnType<typeof awsCli>, digest: string): Promise<string | undefined> {
  const deadline = performance.now() + 60_000;
  let live: string | undefined;
  while (performance.now() < deadline && live !== digest) {
    const ledger = await aws(SCRATCH, "s3", "cp", `s3://${BUCKET}/ledger.json`, "-").catch(() => "{}");
    live = (JSON.parse(ledger) as Partial<LedgerView>).images?.["dga-network"]?.live?.digest;
  }
  return live;
}
