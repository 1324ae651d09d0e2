import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** The engines of containers. */
export type ContainerProgram = "podman" | "docker";

const COMMON = ["iptables", "ip", "busybox", "tar"];
const PROGRAMS: Readonly<Record<ContainerProgram, readonly string[]>> = {
  podman: ["podman", "runc", ...COMMON],
  docker: ["docker", "dockerd", ...COMMON],
};

/** Why containers of this engine can not be run on this machine; null where they can. */
export function missingContainers(
  engine: ContainerProgram = "podman",
  searchPath: string = pathOfThisProcess(),
): string | null {
  if (process.platform !== "linux") return "containers need Linux";
  if (process.getuid?.() !== 0) return "containers need root";
  const has = (name: string) => searchPath.split(delimiter).some((folder) => existsSync(join(folder, name)));
  const missing = PROGRAMS[engine].filter((name) => !has(name));
  if (!has("terraform") && !has("tofu")) missing.push("terraform or tofu");
  return missing.length === 0 ? null : `not on the PATH: ${missing.join(", ")}`;
}

function pathOfThisProcess(): string {
  // biome-ignore lint/style/noProcessEnv: what a test asks for is about the process that it runs in
  return process.env["PATH"] ?? "";
}
