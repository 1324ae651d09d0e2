import { execFileSync } from "node:child_process";
import { createServer } from "node:http";

/** Instance metadata as an instance has it, at its own address. */
export interface FakeMetadata {
  /** What containers have asked of it. Programs of the machine may ask, too: it has one such address for all. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

export const METADATA_ADDRESS = "169.254.169.254";

/** How the addresses of the runner's containers begin. */
const CONTAINERS = "169.254.172.";

/** Needs root, and the turn: a machine has one such address. */
export async function serveMetadata(): Promise<FakeMetadata> {
  execFileSync("ip", ["address", "replace", `${METADATA_ADDRESS}/32`, "dev", "lo"]);
  const asked: string[] = [];
  const server = createServer((request, response) => {
    if (request.socket.remoteAddress?.startsWith(CONTAINERS)) asked.push(request.url ?? "");
    response.end("instance-credentials");
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: METADATA_ADDRESS, port: 80 }, resolve);
  });
  return {
    asked,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
      execFileSync("ip", ["address", "del", `${METADATA_ADDRESS}/32`, "dev", "lo"]);
    },
  };
}
