import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

export interface ChildOptions {
  /** File name beside this one. */
  readonly script: string;
  readonly args?: readonly string[];
  readonly nodeOptions?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a script of the bench in a fresh process of this Node and gives the JSON that it printed last. */
export async function runChild<T>(options: ChildOptions): Promise<T> {
  const { script, args = [], nodeOptions = [], env = {} } = options;
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(process.execPath, [...nodeOptions, path, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, NODE_OPTIONS: "", ...env },
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  const last = output.trimEnd().split("\n").at(-1) ?? "";
  if (code !== 0) throw new Error(`${script} ${args.join(" ")} ended with code ${code}: ${output.slice(-2000)}`);
  return JSON.parse(last) as T;
}
