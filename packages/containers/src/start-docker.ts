import { execFileSync, spawn } from "node:child_process";
import { existsSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { CONTAINER_HOST } from "./take-turn.ts";

/** A Docker engine that keeps to itself. */
export interface DockerEngine {
  /** What makes `docker` speak to this engine. */
  readonly environment: Readonly<Record<string, string>>;
  /** Ends the engine, and waits until it has. */
  stop(): Promise<void>;
}

const PATIENCE_MS = 60_000;
const AGAIN_MS = 50;

/**
 * Starts a Docker engine with all that it has in this folder; images may come without TLS from a registry at
 * `CONTAINER_HOST`. Needs root and `dockerd`, and the turn of `takeTurn`: its networks are the machine's.
 */
export async function startDocker(folder: string): Promise<DockerEngine> {
  const [socket, said] = [join(folder, "docker.sock"), join(folder, "docker.log")];
  // The engine sets this chain to drop what it has no rule for, and leaves that so.
  const forwarding = policyOfForward();
  const log = openSync(said, "a");
  const engine = spawn(
    "dockerd",
    [
      ...["--host", `unix://${socket}`, "--pidfile", join(folder, "docker.pid"), "--storage-driver", "overlay2"],
      ...["--data-root", join(folder, "docker"), "--exec-root", join(folder, "docker-run")],
      // One that the machine has already shares its containerd with this one.
      ...["--containerd-namespace", "windlass", "--containerd-plugins-namespace", "windlass-plugins"],
      ...["--bridge", "none", "--insecure-registry", `${CONTAINER_HOST}/32`],
    ],
    { stdio: ["ignore", log, log] },
  );
  const closed = new Promise<void>(
    (resolve) => void engine.once("close", () => resolve()).once("error", () => resolve()),
  );
  const stop = async () => {
    engine.kill("SIGTERM");
    await closed;
    execFileSync("iptables", ["-w", "10", "-P", "FORWARD", forwarding]);
  };
  if (await answers({ socket, closed })) return { environment: { DOCKER_HOST: `unix://${socket}` }, stop };
  await stop();
  throw new Error(`Docker's engine did not start: ${readFileSync(said, "utf8").slice(-2_000)}`);
}

function policyOfForward(): string {
  const [first = ""] = execFileSync("iptables", ["-w", "10", "-S", "FORWARD"], { encoding: "utf8" }).split("\n");
  return first.split(" ").at(-1) ?? "ACCEPT";
}

interface Starting {
  readonly socket: string;
  readonly closed: Promise<void>;
}

async function answers({ socket, closed }: Starting): Promise<boolean> {
  const end = closed.then(() => "closed" as const);
  const limit = Date.now() + PATIENCE_MS;
  while (Date.now() < limit) {
    if (existsSync(socket) && isUp(socket)) return true;
    if ((await Promise.race([end, wait(AGAIN_MS)])) === "closed") return false;
  }
  return false;
}

function isUp(socket: string): boolean {
  try {
    execFileSync("docker", ["--host", `unix://${socket}`, "version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
