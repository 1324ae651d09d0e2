import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function builtProgram(name: string): string {
  return fileURLToPath(new URL(`../dist/${name}.mjs`, import.meta.url));
}

export interface RunOptions {
  readonly path?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Runs one of the demo's built programs to its end. */
export function runProgram(name: string, args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const { path = process.env["PATH"] ?? "", environment = {} } = options;
  const child = spawn(process.execPath, [builtProgram(name), ...args], {
    env: { PATH: path, TMPDIR: tmpdir(), HOME: tmpdir(), ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

/** A folder to put on the PATH alone: Node, and `ps`, which every Unix has, but no Terraform. */
export function folderWithoutTerraform(): string {
  const folder = mkdtempSync(join(tmpdir(), "windlass-path-"));
  symlinkSync(process.execPath, join(folder, "node"));
  symlinkSync(["/bin/ps", "/usr/bin/ps"].find((path) => existsSync(path)) ?? "/bin/ps", join(folder, "ps"));
  return folder;
}
