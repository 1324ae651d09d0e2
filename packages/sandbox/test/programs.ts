import { execFile, spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

/** Whether a program is on the PATH: suites that drive one say why they are skipped without it. */
export function hasProgram(name: string): boolean {
  return (process.env["PATH"] ?? "").split(delimiter).some((directory) => {
    try {
      accessSync(join(directory, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Whether `aws` is there and takes its endpoint from `AWS_ENDPOINT_URL`, as 1.29 and 2.13 were the first to do. */
export function hasAwsCli(): boolean {
  if (!hasProgram("aws")) return false;
  const { stdout, stderr } = spawnSync("aws", ["--version"], { encoding: "utf8" });
  const [, major, minor] = /aws-cli\/(\d+)\.(\d+)/.exec(`${stdout}${stderr}`) ?? [];
  return Number(minor) >= (major === "1" ? 29 : 13);
}

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** What it reads from its standard input; nothing when not given. */
  readonly input?: string;
}

/** Runs a program to its end with that environment and the PATH alone. Never rejects. */
export async function run(
  program: string,
  args: readonly string[],
  { env, cwd, input = "" }: RunOptions,
): Promise<Ran> {
  const options = { env: { PATH: process.env["PATH"] ?? "", HOME: cwd ?? "/nonexistent", ...env }, cwd };
  try {
    const running = promisify(execFile)(program, args, options);
    // A program that ends without reading all of it is none of this function's failures.
    running.child.stdin?.on("error", () => {}).end(input);
    const { stdout, stderr } = await running;
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout = "", stderr = "" } = error as { code?: number; stdout?: string; stderr?: string };
    return { code: typeof code === "number" ? code : 1, stdout, stderr: stderr || String(error) };
  }
}
