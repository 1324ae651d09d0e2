import { readdir, readFile, readlink } from "node:fs/promises";

const PROGRAMS: ReadonlySet<string> = new Set(["terraform", "tofu"]);

/**
 * Ids, on the host, of the Terraform processes in a container: itself, and not a shell around it nor its providers.
 * `init`: the host's id of the container's first process. Empty where there is none, or none any more.
 */
export async function findTerraform(init: number): Promise<readonly number[]> {
  const namespace = await pidNamespace(init);
  if (namespace === null) return [];
  const ids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(ids.map((id) => isTerraform(id, namespace)));
  return ids.filter((_, index) => found[index]);
}

async function isTerraform(id: number, namespace: string): Promise<boolean> {
  const name = await readFile(`/proc/${id}/comm`, "utf8").catch(() => "");
  return PROGRAMS.has(name.trim()) && (await pidNamespace(id)) === namespace;
}

/** Null where there is no such process. */
async function pidNamespace(id: number): Promise<string | null> {
  return await readlink(`/proc/${id}/ns/pid`).catch(() => null);
}

const SIGINT_BIT = 1n << 1n;

/**
 * Whether the process takes an interrupt. The first process of a container that does not, yet, never learns of one: the
 * kernel drops it (pid_namespaces(7)).
 */
export async function catchesInterrupts(id: number): Promise<boolean> {
  const status = await readFile(`/proc/${id}/status`, "utf8").catch(() => "");
  const mask = /^SigCgt:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? "0";
  return (BigInt(`0x${mask}`) & SIGINT_BIT) !== 0n;
}

/** Does nothing to a process that has just ended. */
export function signalProcess(id: number, signal: "SIGINT" | "SIGKILL"): void {
  try {
    process.kill(id, signal);
  } catch (error) {
    // It has just ended.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
