import { createServer, type Server } from "node:net";
import { setTimeout as wait } from "node:timers/promises";

const AGAIN_MS = 200;

/**
 * A machine has one address for credentials and one bridge, so worlds with containers take turns, whichever process they
 * are in: who holds the port has the turn. Resolves with the way to give it up.
 */
export async function takeTurn(host: string, port: number): Promise<() => Promise<void>> {
  for (;;) {
    const server = createServer();
    if (await listens(server, host, port)) return () => new Promise((resolve) => void server.close(() => resolve()));
    await wait(AGAIN_MS);
  }
}

function listens(server: Server, host: string, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? resolve(false) : reject(error),
    );
    server.listen({ host, port }, () => resolve(true));
  });
}
