import { execFileSync } from "node:child_process";
import { createServer, type Server } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { removeBridge } from "./remove-bridge.ts";

/** The address that SDKs in containers know; on the loopback interface the machine's own containers reach it. */
export const CONTAINER_HOST = "169.254.170.2";
/** The gateway of the bridge that the runner makes. */
const BRIDGE_ADDRESS = "169.254.172.1";
const TURN_PORT = 81;
const AGAIN_MS = 200;

export interface Turn {
  readonly host: string;
  readonly port: number;
}

/**
 * Waits until nobody else on this machine runs containers in a test: there is one address for credentials and one bridge.
 * Whoever holds the port has the turn; the returned function gives it up. What the turn before left of the bridge is gone.
 * Needs root, for the address.
 */
export async function takeTurn(): Promise<() => Promise<void>> {
  execFileSync("ip", ["address", "replace", `${CONTAINER_HOST}/32`, "dev", "lo"]);
  const giveUp = await waitForTurn({ host: CONTAINER_HOST, port: TURN_PORT });
  removeBridge(BRIDGE_ADDRESS);
  return giveUp;
}

export async function waitForTurn(turn: Turn): Promise<() => Promise<void>> {
  for (;;) {
    const server = createServer();
    if (await listens(server, turn)) return () => new Promise((resolve) => void server.close(() => resolve()));
    await wait(AGAIN_MS);
  }
}

function listens(server: Server, turn: Turn): Promise<boolean> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? resolve(false) : reject(error),
    );
    server.listen(turn, () => resolve(true));
  });
}
