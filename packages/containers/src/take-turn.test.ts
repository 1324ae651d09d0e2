import { createServer } from "node:net";
import { expect, it } from "vitest";
import { waitForTurn } from "./take-turn.ts";

/** A port that is free just now. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => void server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

it("gives the turn to one at a time, and to the next when it is given up", async () => {
  const turn = { host: "127.0.0.1", port: await freePort() };
  const order: string[] = [];
  const giveUp = await waitForTurn(turn);

  const next = waitForTurn(turn).then((end) => {
    order.push("next");
    return end();
  });
  order.push("first");
  await giveUp();
  await next;

  expect(order).toEqual(["first", "next"]);
});
