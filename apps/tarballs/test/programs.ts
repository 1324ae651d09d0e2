import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../../", import.meta.url));

const { resolve } = createRequire(import.meta.url);
const pnpmProgram = join(dirname(resolve("pnpm")), "bin", "pnpm.cjs");

export interface Ran {
  readonly code: number;
  readonly output: string;
}

/** Runs a script of Node in a folder, and keeps all that it says. */
export async function runNode(folder: string, args: readonly string[]): Promise<Ran> {
  return new Promise((settle) => {
    execFile(process.execPath, args, { cwd: folder, maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      const code = typeof error?.code === "number" ? error.code : Number(error !== null);
      settle({ code, output: `${stdout}${stderr}` });
    });
  });
}

/** Throws what pnpm said where it failed. */
export async function runPnpm(folder: string, args: readonly string[]): Promise<string> {
  const { code, output } = await runNode(folder, [pnpmProgram, ...args]);
  if (code !== 0) throw new Error(`pnpm ${args.join(" ")}: ${output}`);
  return output;
}

/** The compiler of the workspace, on a project elsewhere. */
export async function runCompiler(folder: string, args: readonly string[]): Promise<Ran> {
  return runNode(folder, [resolve("typescript/lib/tsc.js"), ...args]);
}
