import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../", import.meta.url));

export interface Ended {
  readonly code: number;
  /** Of both outputs. */
  readonly lines: readonly string[];
  readonly stdout: string;
}

/** Runs the simulator in a process of its own, as `pnpm sim` does. */
export function runSimulator(args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ["dist/simulate.mjs", ...args],
      { cwd: folder, maxBuffer: 64 * 1_048_576 },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
        resolve({ code, stdout, lines: `${stdout}${stderr}`.trimEnd().split("\n") });
      },
    );
  });
}
