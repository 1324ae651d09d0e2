import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { CONTAINER_HOST } from "@windlass/containers";

/** What comes of a request to the registry's own protocol: passed on as it is, changed, or broken off. */
export type Alteration = (path: string, body: Buffer) => Buffer | "broken";

/** Stands between the runner and the sandbox, and touches nothing but what a container engine asks of the registry, and layers. */
export async function openAlteringProxy(target: string, alter: Alteration) {
  const server = createServer((incoming, outgoing) => void pass(incoming, outgoing));

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const path = incoming.url ?? "/";
    // Layers come from somewhere else, as they do from Amazon ECR.
    const isRegistry = path.startsWith("/v2/") || path.startsWith("/_ecr/layers/");
    if (isRegistry && alter(path, Buffer.alloc(0)) === "broken") return void incoming.socket.destroy();
    const { method, headers } = incoming;
    const asked = request(new URL(path, target), { method, headers }, async (answer) => {
      // Whoever asked may break off before all of it is there.
      const body = await answer.toArray().then(Buffer.concat, () => null);
      if (body === null) return void incoming.socket.destroy();
      const altered = isRegistry && method === "GET" ? alter(path, body) : body;
      if (altered === "broken") return void incoming.socket.destroy();
      const { "content-length": _, "transfer-encoding": __, ...rest } = answer.headers;
      const length = method === "HEAD" ? answer.headers["content-length"] : String(altered.length);
      outgoing.writeHead(answer.statusCode ?? 502, {
        ...rest,
        ...(length === undefined ? {} : { "content-length": length }),
      });
      outgoing.end(method === "HEAD" ? undefined : altered);
    });
    asked.on("error", () => incoming.socket.destroy());
    incoming.pipe(asked);
  }

  await new Promise<void>((resolve) => void server.listen({ host: CONTAINER_HOST, port: 0 }, resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://${CONTAINER_HOST}:${port}`,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => void server.close(resolve));
    },
  };
}
