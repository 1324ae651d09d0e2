import { expect, it } from "vitest";
import { ask, enter } from "./board-client.ts";
import { openBoard } from "./open-board.ts";

const WISH = { area: "staging", command: "pause", image: null, reason: "a test", id: "one" };

it("lets in whoever has the token, once, and keeps it out of the address line", async () => {
  const board = await openBoard();

  const { entry, get } = await enter(board);

  expect(entry).toMatchObject({ status: 303, headers: { location: "/" } });
  expect(String(entry.headers["set-cookie"])).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/);
  expect(await get("/")).toMatchObject({ status: 200, text: "index.html" });
  expect(await get("/history?area=staging")).toMatchObject({ status: 200, text: "index.html" });
  expect(await get("/board.js")).toMatchObject({ status: 200, text: "board.js" });
});

it.each(["/", "/board.js", "/api/history", "/api/events"])("shows nothing of %s without the token", async (path) => {
  const board = await openBoard();

  expect((await ask(board, path)).status).toBe(403);
  expect((await ask(board, `${path}?token=wrong`)).status).toBe(403);
  const [name] = (await enter(board)).cookie.split("=");
  expect((await ask(board, path, { headers: { cookie: `${name}=${"x".repeat(43)}` } })).status).toBe(403);
});

it("says where the token is to be had", async () => {
  const board = await openBoard();

  expect((await ask(board, "/")).text).toContain("open the address that windlass board printed");
  expect(JSON.parse((await ask(board, "/api/history")).text)).toMatchObject({ error: { code: "board-refused" } });
});

it("is not reached by another name that resolves to this machine", async () => {
  const board = await openBoard();
  const { cookie } = await enter(board);
  const { port } = new URL(board.origin);

  for (const host of [`attacker.example:${port}`, `localhost:${port}`, "127.0.0.1", `127.0.0.1:${Number(port) + 1}`]) {
    expect((await ask(board, "/", { headers: { cookie, host } })).status).toBe(403);
    expect((await ask(board, `/?token=${board.token}`, { headers: { host } })).status).toBe(403);
  }
});

it.each([
  ["of another origin", { origin: "http://127.0.0.1:1" }],
  ["of a sandboxed page", { origin: "null" }],
  ["of another site", { "sec-fetch-site": "cross-site" }],
  ["of another port of this machine", { "sec-fetch-site": "same-site" }],
])("takes no request %s, not even with the cookie", async (_, headers) => {
  const board = await openBoard();
  const { cookie } = await enter(board);
  const own = { "x-windlass-board": "1", "content-type": "application/json" };

  const read = await ask(board, "/api/history", { headers: { cookie, ...headers } });
  const written = await ask(board, "/api/controls", {
    method: "POST",
    headers: { cookie, ...own, ...headers },
    body: JSON.stringify(WISH),
  });

  expect([read.status, written.status]).toEqual([403, 403]);
  expect(await board.store("staging").listControls()).toEqual({ kind: "controls", controls: [] });
});

it("takes no wish from a form, and none without the header that only its own pages send", async () => {
  const board = await openBoard();
  const { cookie } = await enter(board);

  const answer = await ask(board, "/api/controls", {
    method: "POST",
    headers: { cookie, "content-type": "text/plain" },
    body: JSON.stringify(WISH),
  });

  expect(answer.status).toBe(403);
  expect(JSON.parse(answer.text).error.expected).toContain("x-windlass-board");
  expect(await board.store("staging").listControls()).toEqual({ kind: "controls", controls: [] });
});

it("lets pages run what it has itself and nothing else, be framed by nobody, and be read by no other origin", async () => {
  const { get } = await enter(await openBoard());

  for (const path of ["/", "/api/history", "/api/nothing"]) {
    const { headers } = await get(path);
    expect(headers["content-security-policy"], path).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    expect(headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cross-origin-resource-policy": "same-origin",
      "cache-control": "no-store",
    });
    expect(headers).not.toHaveProperty("access-control-allow-origin");
  }
});
