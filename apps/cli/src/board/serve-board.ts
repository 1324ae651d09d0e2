import { randomBytes } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import type { AccountMapping } from "@windlass/account-mapping";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { CliError } from "../cli-error.ts";
import type { CliWorld } from "../cli-world.ts";
import type { AreaOpener } from "../open-areas.ts";
import { createStatusReader } from "../status.ts";
import { type BoardAccess, guardBoard } from "./board-access.ts";
import { createBoardFeed } from "./board-feed.ts";
import { createBoardPages } from "./board-pages.ts";
import { createBoardRoutes } from "./board-routes.ts";

export interface BoardToServe {
  readonly mapping: AccountMapping;
  readonly opener: AreaOpener;
  /** One area alone; all by default. */
  readonly area?: string | undefined;
  /** 0: any that is free. */
  readonly port: number;
  /** Between two looks at the areas while somebody has the board open. */
  readonly intervalMs: number;
  /** The folder with the built pages. */
  readonly pages: string;
}

export interface ServedBoard {
  /** With the token: for the person alone. */
  readonly url: string;
  close(): Promise<void>;
}

/** No other machine reaches it. */
const LOOPBACK = "127.0.0.1";
const LARGEST_REQUEST_BYTES = 65_536;

/** Serves the board on loopback, behind a new token. Throws `CliError`: `port-taken`, `file-unreadable`. */
export async function serveBoard(world: CliWorld, board: BoardToServe): Promise<ServedBoard> {
  const { mapping, opener, area, intervalMs } = board;
  const pages = createBoardPages(board.pages);
  const read = createStatusReader(world, mapping, { opener, ...(area === undefined ? {} : { area }) });
  const feed = createBoardFeed({ world, mapping, read, intervalMs });
  const server = createServer();
  const host = `${LOOPBACK}:${await listen(server, board.port)}`;
  const access: BoardAccess = { token: randomBytes(32).toString("base64url"), host };
  const app = new Hono();
  app.use("*", ...guardBoard(access));
  app.use("*", bodyLimit({ maxSize: LARGEST_REQUEST_BYTES }));
  app.route("/api", createBoardRoutes({ world, mapping, opener, feed }));
  app.route("/", pages);
  server.on("request", getRequestListener(app.fetch));
  return {
    url: `http://${host}/?token=${access.token}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}

async function listen(server: Server, port: number): Promise<number> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ host: LOOPBACK, port }, resolve);
    });
  } catch (error) {
    throw new CliError({
      code: "port-taken",
      message: "the board can not listen there",
      where: `${LOOPBACK}:${port}`,
      found: error instanceof Error ? error.message : String(error),
      hint: "name another --port, or none for any that is free",
      cause: error,
    });
  }
  return (server.address() as AddressInfo).port;
}
