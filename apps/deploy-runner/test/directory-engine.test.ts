import { readFileSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createDirectoryEngine, type DirectoryEngineOptions } from "../src/directory-engine.ts";
import type { RunningStep, Workspace } from "../src/engine.ts";
import { anAssignment, DEPLOYMENT, DIGEST } from "./support/records.ts";

const HEX = DIGEST.replace("sha256:", "");
const signal = new AbortController().signal;

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "windlass-engine-"));
  await mkdir(join(root, "bin"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function addModule(name: string, files: Readonly<Record<string, string>> = { "main.tf": name }): Promise<void> {
  await mkdir(join(root, "modules", name), { recursive: true });
  for (const [file, text] of Object.entries(files)) await writeFile(join(root, "modules", name, file), text);
}

/** Puts a program in the place of Terraform. */
async function addProgram(name: string, body: string): Promise<string> {
  const path = join(root, "bin", name);
  await writeFile(path, `#!${process.execPath}\n${body}\n`);
  await chmod(path, 0o755);
  return path;
}

function open(change: Partial<DirectoryEngineOptions> = {}) {
  return createDirectoryEngine({
    modules: join(root, "modules"),
    workDirectory: join(root, "work"),
    program: null,
    allowDefault: true,
    environment: { PATH: join(root, "bin"), INHERITED: "yes" },
    ...change,
  });
}

interface Started {
  readonly step: RunningStep;
  readonly text: () => string;
  /** Settles when the output has this in it. */
  readonly says: (text: string) => Promise<void>;
}

function start(workspace: Workspace, args: readonly string[] = []): Started {
  let text = "";
  const waiting: { readonly wanted: string; readonly resolve: () => void }[] = [];
  const step = workspace.start({
    step: "apply",
    program: "terraform",
    args,
    environment: { TF_VAR_area: "staging" },
    onOutput(stream, bytes) {
      text += `${stream === "stderr" ? "!" : ""}${Buffer.from(bytes).toString()}`;
      for (const { wanted, resolve } of waiting) if (text.includes(wanted)) resolve();
    },
  });
  const says = (wanted: string) =>
    text.includes(wanted) ? Promise.resolve() : new Promise<void>((resolve) => void waiting.push({ wanted, resolve }));
  return { step, says, text: () => text };
}

describe("the directory engine", () => {
  it("takes the module that is named by the digest", async () => {
    await addProgram("terraform", "");
    await addModule(HEX);
    await addModule("default");

    const workspace = await open().prepare(anAssignment(), signal);

    expect(workspace.digest).toBe(DIGEST);
    expect(String(await workspace.readFile("main.tf"))).toBe(HEX);
  });

  it("takes the default module for any other digest where that is allowed", async () => {
    await addProgram("terraform", "");
    await addModule("default");

    const workspace = await open().prepare(anAssignment(), signal);

    expect(workspace.digest).toBe(DIGEST);
    expect(String(await workspace.readFile("main.tf"))).toBe("default");
  });

  it("takes no default module where that is not allowed: nobody would know what ran", async () => {
    await addProgram("terraform", "");
    await addModule("default");

    await expect(open({ allowDefault: false }).prepare(anAssignment(), signal)).rejects.toMatchObject({
      code: "module-missing",
      expected: `a directory "${HEX}"`,
      hint: expect.stringContaining("WINDLASS_ALLOW_DEFAULT_MODULE=1"),
    });
  });

  it("says where it looked for a module that is not there", async () => {
    await addProgram("terraform", "");

    await expect(open().prepare(anAssignment(), signal)).rejects.toMatchObject({
      code: "module-missing",
      where: join(root, "modules"),
    });
  });

  it("works on a fresh copy, without what an earlier run left", async () => {
    await addProgram("terraform", "");
    await addModule("default", { "main.tf": "resource", "errored.tfstate": "old" });
    const engine = open();
    const before = await engine.prepare(anAssignment(), signal);
    await before.writeFile("left.txt", "behind");
    await before.writeFile("main.tf", "changed");

    const workspace = await engine.prepare(anAssignment(), signal);

    expect(await workspace.readFile("left.txt")).toBeNull();
    expect(await workspace.readFile("errored.tfstate")).toBeNull();
    expect(String(await workspace.readFile("main.tf"))).toBe("resource");
    expect(await readdir(join(root, "modules", "default"))).toEqual(["errored.tfstate", "main.tf"]);
  });

  it("leaves nothing behind", async () => {
    await addProgram("terraform", "");
    await addModule("default");
    const workspace = await open().prepare(anAssignment(), signal);
    expect(await readdir(join(root, "work"))).toEqual([DEPLOYMENT]);

    await workspace.dispose();

    expect(await readdir(join(root, "work"))).toEqual([]);
  });

  it("finds OpenTofu where there is no Terraform", async () => {
    await addProgram("tofu", `console.log("tofu")`);
    await addModule("default");
    const workspace = await open().prepare(anAssignment(), signal);
    const { step, text } = start(workspace);

    expect(await step.exit).toEqual({ kind: "exited", code: 0 });
    expect(text()).toBe("tofu\n");
  });

  it.each([
    ["on the PATH", {}],
    ["at the path that was given", { program: "/nowhere/terraform" }],
  ])("says so where there is no Terraform %s", async (_where, change) => {
    await addModule("default");

    await expect(open(change).prepare(anAssignment(), signal)).rejects.toMatchObject({ code: "terraform-missing" });
  });
});

describe("a process of Terraform's", () => {
  async function openWorkspace(body: string): Promise<Workspace> {
    const program = await addProgram("terraform", body);
    await addModule("default");
    return await open({ program }).prepare(anAssignment(), signal);
  }

  it("runs in the module's copy, with its arguments and its environment, and tells all it says", async () => {
    const workspace = await openWorkspace(`
      console.log(process.cwd(), process.argv.slice(2).join(" "), process.env.TF_VAR_area, process.env.INHERITED);
      console.error("oh");
      process.exitCode = 3;
    `);

    const { step, text } = start(workspace, ["plan", "-out=x y"]);

    expect(await step.exit).toEqual({ kind: "exited", code: 3 });
    expect(text()).toContain(`${join(root, "work", DEPLOYMENT)} plan -out=x y staging yes\n`);
    expect(text()).toContain("!oh\n");
  });

  it("is interrupted, not killed, and can end in good order", async () => {
    const workspace = await openWorkspace(`
      process.on("SIGINT", () => { console.log("stopping"); process.exit(1); });
      setInterval(() => {}, 1000);
      console.log("ready");
    `);
    const { step, says, text } = start(workspace);
    await says("ready");

    step.interrupt();

    expect(await step.exit).toEqual({ kind: "exited", code: 1 });
    expect(text()).toContain("stopping");
  });

  it("is not reached by a Ctrl-C on the runner's terminal: it has a process group of its own", async () => {
    const workspace = await openWorkspace(`
      console.log(process.pid + ".");
      setInterval(() => {}, 1000);
    `);
    const { step, says, text } = start(workspace);
    await says(".");

    // Signal 0 to a group only asks whether it exists.
    expect(process.kill(-Number.parseInt(text(), 10), 0)).toBe(true);
    step.kill();
    await step.exit;
  });

  it("is killed together with all it started", async () => {
    const workspace = await openWorkspace(`
      const { spawn } = require("node:child_process");
      process.on("SIGINT", () => {});
      const child = spawn(process.execPath, ["-e", "process.on('SIGINT', () => {}); setInterval(() => {}, 1000)"], { stdio: "inherit" });
      setInterval(() => {}, 1000);
      console.log("ready " + child.pid + ".");
    `);
    const { step, says, text } = start(workspace);
    await says(".");
    const child = Number(/ready (\d+)\./.exec(text())?.[1]);
    step.interrupt();

    step.kill();

    expect(await step.exit).toEqual({ kind: "killed", signal: "SIGKILL", outOfMemory: false });
    await expect.poll(() => isRunning(child)).toBe(false);
  });

  it("does not leave strays behind when it ends by itself", async () => {
    const workspace = await openWorkspace(`
      const { spawn } = require("node:child_process");
      const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "inherit" });
      console.log("stray " + child.pid + ".");
      child.unref();
      process.exit(0);
    `);
    const { step, text } = start(workspace);

    expect(await step.exit).toEqual({ kind: "exited", code: 0 });
    const stray = Number(/stray (\d+)\./.exec(text())?.[1]);
    await expect.poll(() => isRunning(stray)).toBe(false);
  });

  it("tells why it could not be started", async () => {
    const workspace = await openWorkspace("");
    await writeFile(join(root, "bin", "terraform"), "#!/nowhere/interpreter\n");

    const { step } = start(workspace);

    expect(await step.exit).toMatchObject({ kind: "not-started", problem: expect.stringContaining("ENOENT") });
  });
});

/** A process that was killed may stay a zombie for a moment, until its parent has looked. */
function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0) && !isZombie(pid);
  } catch {
    return false;
  }
}

function isZombie(pid: number): boolean {
  try {
    return /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
