import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { catchesInterrupts, findTerraform, signalProcess } from "./terraform-processes.ts";

let folder: string;
const children: ChildProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "windlass-processes-"));
});
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
  }
  await rm(folder, { recursive: true });
});

/** A process of this name, as the kernel sees it, that has begun. */
async function startProcess(name: string, text: string, command: readonly string[] = []): Promise<number> {
  const path = join(folder, name);
  // Node calls its main thread as it likes.
  const rename = `process.title = ${JSON.stringify(name)};`;
  await writeFile(path, `#!${process.execPath}\n${rename}\n${text}\nprocess.stdout.write("begun\\n");`);
  await chmod(path, 0o755);
  const [program = path, ...args] = [...command, path];
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  await once(child.stdout, "data");
  return child.pid ?? 0;
}

const STAY = "setInterval(() => {}, 1000);";

describe("looking for Terraform", () => {
  it.each(["terraform", "tofu"])("finds %s, and no program around it or beside it", async (name) => {
    const id = await startProcess(name, STAY);
    await startProcess(`${name}-provider`, STAY);
    await startProcess("apply.sh", STAY);

    const found = await findTerraform(process.pid);

    expect(found).toContain(id);
    const own = children.map(({ pid }) => pid).filter((pid) => pid !== undefined && found.includes(pid));
    expect(own).toEqual([id]);
  });

  it("finds nothing where the container's first process has ended", async () => {
    const id = await startProcess("terraform", STAY);
    const ended = spawn(process.execPath, ["-e", ""]);
    await once(ended, "exit");

    expect(await findTerraform(ended.pid ?? 0)).toEqual([]);
    expect(await findTerraform(id)).toContain(id);
  });

  it.skipIf(process.getuid?.() !== 0)("leaves Terraform of another container alone", async () => {
    const apart = ["unshare", "--pid", "--fork", "--kill-child"];
    await startProcess("terraform", STAY, apart);

    const found = await findTerraform(process.pid);

    expect(children.map(({ pid }) => pid).filter((pid) => pid !== undefined && found.includes(pid))).toEqual([]);
    expect(await namedTerraformBelow(children[0]?.pid ?? 0)).toHaveLength(1);
  });
});

/** What `findTerraform` finds from the inside of the other namespace. */
async function namedTerraformBelow(parent: number): Promise<readonly number[]> {
  const { readFile } = await import("node:fs/promises");
  const [child = "0"] = (await readFile(`/proc/${parent}/task/${parent}/children`, "utf8")).trim().split(" ");
  return await findTerraform(Number(child));
}

describe("whether a process takes an interrupt", () => {
  it("is so once it has said so", async () => {
    const id = await startProcess("terraform", `process.on("SIGINT", () => {}); ${STAY}`);

    expect(await catchesInterrupts(id)).toBe(true);
  });

  it("is not so for a process that has not, or that is not there", async () => {
    const sleeping = spawn("sleep", ["60"]);
    children.push(sleeping);

    expect(await catchesInterrupts(sleeping.pid ?? 0)).toBe(false);
    expect(await catchesInterrupts(2 ** 22 + 1)).toBe(false);
  });
});

describe("signalling a process", () => {
  it("reaches it", async () => {
    const id = await startProcess("terraform", `process.on("SIGINT", () => process.exit(7)); ${STAY}`);
    const [child] = children;

    signalProcess(id, "SIGINT");

    expect(await once(child ?? process, "exit")).toEqual([7, null]);
  });

  it("does nothing to one that has just ended", () => {
    expect(() => signalProcess(2 ** 22 + 1, "SIGINT")).not.toThrow();
  });
});
