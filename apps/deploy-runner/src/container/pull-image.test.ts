import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ECRClient } from "@aws-sdk/client-ecr";
import { imageDigestSchema } from "@windlass/deployment";
import { createImageAccess, type ImageAccess } from "@windlass/ecr-tag-diff";
import { createSandbox } from "@windlass/sandbox";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { anAssignment } from "../../test/support/records.ts";
import { type ContainerProgram, createContainerCli } from "./container-cli.ts";
import { pullImage } from "./pull-image.ts";

const PIPELINE = "111111111111";
const REGISTRY = `${PIPELINE}.dkr.ecr.ap-southeast-2.amazonaws.com`;
const ARCHITECTURE = process.arch === "x64" ? "amd64" : process.arch;

/** What the stub was called with. */
interface Call {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The login that it was led to, and its mode. */
  readonly login: string | null;
  readonly mode: number | null;
}

/** A container engine's command line that notes its calls, and has the image once it has been pulled. */
const STUB = `
const { appendFileSync, existsSync, readFileSync, statSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const args = process.argv.slice(2);
const at = (flag) => args[args.indexOf(flag) + 1];
const file = args.includes("--config") ? join(at("--config"), "config.json") : args.includes("--authfile") ? at("--authfile") : null;
const login = file === null ? null : readFileSync(file, "utf8");
const mode = file === null ? null : statSync(file).mode & 0o777;
appendFileSync(join(__dirname, "calls"), JSON.stringify({ args, env: process.env, login, mode }) + "\\n");
const image = join(__dirname, "image.json");
if (args.includes("pull")) {
  if (existsSync(join(__dirname, "hang"))) setInterval(() => {}, 1000);
  else if (existsSync(join(__dirname, "refusal"))) { process.stderr.write(readFileSync(join(__dirname, "refusal"))); process.exitCode = 1; }
  else writeFileSync(image, readFileSync(join(__dirname, "pulled.json")));
} else if (args[1] === "inspect") {
  if (existsSync(image)) process.stdout.write(readFileSync(image)); else process.exitCode = 1;
}
`;

let folder: string;
let bin: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "windlass-pull-"));
  bin = join(folder, "bin");
  await mkdir(bin);
  for (const program of ["docker", "podman"]) {
    await writeFile(join(bin, program), `#!${process.execPath}\n${STUB}`);
    await chmod(join(bin, program), 0o755);
  }
});
afterEach(() => rm(folder, { recursive: true }));

async function open(image: Readonly<Record<string, unknown>> = {}) {
  const sandbox = createSandbox();
  const registry = sandbox.account(PIPELINE).ecr();
  registry.createRepository("dga-network");
  const digest = imageDigestSchema.parse(registry.pushImage({ repository: "dga-network" }));
  const pulled = {
    Id: "sha256:the-id",
    RepoDigests: [`${REGISTRY}/dga-network@${digest}`],
    Architecture: ARCHITECTURE,
    Config: { WorkingDir: "/module", Labels: { "io.windlass.root-filesystem": "writable" } },
    ...image,
  };
  await writeFile(join(bin, "pulled.json"), JSON.stringify([pulled]));
  const client = new ECRClient({ ...sandbox.clientConfig({ account: PIPELINE }), maxAttempts: 1 });
  const abort = new AbortController();
  const tokens: string[] = [];
  const access = createImageAccess({ client, registryId: PIPELINE });
  const images: ImageAccess = {
    find: access.find,
    async login() {
      const login = await access.login();
      tokens.push(login.password);
      return login;
    },
  };
  const pull = (program: ContainerProgram, change: { insecure?: boolean } = {}) =>
    pullImage(
      {
        cli: createContainerCli(program, { PATH: bin, HOME: folder }),
        ...{ images, registry: REGISTRY, insecure: false, directory: folder, signal: abort.signal, ...change },
      },
      anAssignment({ digest }),
    );
  return { sandbox, registry, digest, pull, abort, tokens, reference: `${REGISTRY}/dga-network@${digest}` };
}

async function calls(): Promise<readonly Call[]> {
  const text = await readFile(join(bin, "calls"), "utf8").catch(() => "");
  return text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as Call]));
}

describe("pulling an image", () => {
  it("goes by digest, with a login that docker reads from a folder of its own", async () => {
    const { pull, reference } = await open();

    const image = await pull("docker");

    expect(image).toEqual({
      id: "sha256:the-id",
      workingDirectory: "/module",
      labels: { "io.windlass.root-filesystem": "writable" },
      dataDirectory: ".terraform",
    });
    const [, pulling] = await calls();
    expect(pulling?.args).toEqual(["--config", join(folder, "login"), "pull", "--quiet", reference]);
  });

  it.each([
    [false, []],
    [true, ["--tls-verify=false"]],
  ])("goes by digest with podman, plain HTTP: %s", async (insecure, tls) => {
    const { pull, reference } = await open();

    await pull("podman", { insecure });

    const [, pulling] = await calls();
    const login = join(folder, "login", "config.json");
    expect(pulling?.args).toEqual(["pull", "--quiet", "--authfile", login, ...tls, reference]);
  });

  it.each(["docker", "podman"] as const)(
    "shows %s the token in a file that only root can read, and nowhere else, and removes it",
    async (program) => {
      const { pull, tokens } = await open();

      await pull(program);

      const [token = "none"] = tokens;
      const auth = Buffer.from(`AWS:${token}`).toString("base64");
      const made = await calls();
      expect(made.map(({ login }) => login)).toEqual([null, JSON.stringify({ auths: { [REGISTRY]: { auth } } }), null]);
      expect(made[1]?.mode).toBe(0o600);
      for (const { args, env } of made) {
        const seen = JSON.stringify({ args, env });
        expect(seen).not.toContain(token);
        expect(seen).not.toContain(auth);
      }
      expect(await readdir(folder)).toEqual(["bin"]);
    },
  );

  it("removes the login also where the pull fails", async () => {
    const { pull } = await open();
    await writeFile(join(bin, "refusal"), "manifest unknown: Requested image not found");

    await expect(pull("docker")).rejects.toMatchObject({ code: "image-missing" });

    expect(await readdir(folder)).toEqual(["bin"]);
  });

  it("asks the registry for nothing where the engine has that image", async () => {
    const { pull, sandbox } = await open();
    await pull("podman");
    sandbox.calls.clear();

    await pull("podman");

    expect(sandbox.calls.entries).toEqual([]);
    expect((await calls()).filter(({ args }) => args.includes("pull"))).toHaveLength(1);
  });

  it("ends when it is asked to stop, and takes the engine's program along", async () => {
    const { pull, abort } = await open();
    await writeFile(join(bin, "hang"), "");
    const pulling = pull("docker");
    pulling.catch(() => {});
    await expect.poll(async () => (await calls()).length).toBe(2);

    abort.abort();

    await expect(pulling).rejects.toMatchObject({ code: "stopped" });
    expect(await readdir(folder)).toEqual(["bin"]);
  });
});

describe("an image that is not to be run", () => {
  it("is not what was decided: digest-mismatch", async () => {
    const found = `${REGISTRY}/dga-network@sha256:${"00".repeat(32)}`;
    const { pull, digest } = await open({ RepoDigests: [found] });

    await expect(pull("docker")).rejects.toMatchObject({ code: "digest-mismatch", expected: digest, found });
  });

  it("has no digest at all: digest-mismatch", async () => {
    const { pull } = await open({ RepoDigests: null });

    await expect(pull("docker")).rejects.toMatchObject({ code: "digest-mismatch", found: "no digest" });
  });

  it("is built for another machine: architecture-mismatch", async () => {
    const { pull } = await open({ Architecture: "s390x" });

    await expect(pull("docker")).rejects.toMatchObject({ code: "architecture-mismatch", found: "s390x" });
  });

  it.each(["", "/", "module", "/module/", "/a/..", "/../etc", "/a/./b", "/a//b", "/module:ro", "/a,b", "/a b", "/a\n"])(
    "has a working directory that would lead elsewhere: image-unfit for %j",
    async (WorkingDir) => {
      const { pull } = await open({ Config: { WorkingDir } });

      await expect(pull("docker")).rejects.toMatchObject({ code: "image-unfit", found: WorkingDir || "none" });
    },
  );

  it.each(["/m", "/srv/iac.module-1/..a", "/opt/@org/a_b+c=d~e"])(
    "may have the working directory %s",
    async (WorkingDir) => {
      const { pull } = await open({ Config: { WorkingDir, Labels: null } });

      expect(await pull("docker")).toMatchObject({ workingDirectory: WorkingDir, labels: {} });
    },
  );
});

describe("a registry that can not give the image", () => {
  it("does not have it", async () => {
    const { pull, registry } = await open();
    for (const { digest } of registry.images("dga-network")) registry.deleteImage("dga-network", digest);

    await expect(pull("docker")).rejects.toMatchObject({ code: "image-missing", retryable: false });
  });

  it.each([
    [{ kind: "error-before", code: "AccessDeniedException", status: 400 }, "login-refused", false],
    [{ kind: "error-before", code: "ServerException", status: 500 }, "registry-unreachable", true],
    [{ kind: "error-before", code: "ECONNRESET" }, "registry-unreachable", true],
  ] as const)("says %j: %s", async (fault, code, retryable) => {
    const { pull, sandbox } = await open();
    sandbox.faults.add({ ...fault, service: "ecr" });

    await expect(pull("docker")).rejects.toMatchObject({ code, retryable });
    expect((await calls()).filter(({ args }) => args.includes("pull"))).toEqual([]);
  });

  it("is asked by an engine that is not installed", async () => {
    const { pull } = await open();
    await rm(join(bin, "docker"));

    await expect(pull("docker")).rejects.toMatchObject({ code: "engine-missing" });
  });

  it("has an image that is larger than the disk", async () => {
    const { pull, sandbox } = await open();
    expect(sandbox).toBeDefined();
    const huge: ImageAccess = {
      find: async () => ({ bytes: Number.MAX_SAFE_INTEGER / 4 }),
      login: () => Promise.reject(new Error("not asked")),
    };
    const cli = createContainerCli("docker", { PATH: bin });
    const options = { cli, images: huge, registry: REGISTRY, insecure: false, directory: folder };

    await expect(pullImage({ ...options, signal: new AbortController().signal }, anAssignment())).rejects.toMatchObject(
      { code: "disk-full", where: folder, expected: expect.stringMatching(/ MB free$/) },
    );
    await expect(pull("docker")).resolves.toBeDefined();
  });
});
