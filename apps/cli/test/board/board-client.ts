import { request } from "node:http";
import { onTestFinished } from "vitest";
import type { Board } from "./open-board.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
}

export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Asks as any program can, with whatever headers: `fetch` does not let anybody name the host. */
export function ask(board: Pick<Board, "origin">, path: string, { method = "GET", headers = {}, body }: Asked = {}) {
  return new Promise<Answer>((resolve, reject) => {
    const asked = request(new URL(path, board.origin), { method, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (piece: string) => {
        text += piece;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    asked.on("error", reject);
    asked.end(body);
  });
}

/** As a page of the board asks: with the cookie that the entry gave it. */
export async function enter(board: Board) {
  const entry = await ask(board, `/?token=${board.token}`);
  const cookie = String(entry.headers["set-cookie"]).split(";")[0] ?? "";
  const own = { cookie, origin: board.origin, "x-windlass-board": "1", "content-type": "application/json" };
  return {
    entry,
    cookie,
    get: (path: string) => ask(board, path, { headers: { cookie } }),
    async read<T>(path: string): Promise<T> {
      return JSON.parse((await ask(board, path, { headers: { cookie } })).text) as T;
    },
    post: (path: string, wish: object) =>
      ask(board, path, { method: "POST", headers: own, body: JSON.stringify(wish) }),
    /** The events of a stream, one by one. */
    async *follow<T>(path: string): AsyncGenerator<T> {
      const left = new AbortController();
      onTestFinished(() => left.abort());
      const response = await fetch(new URL(path, board.origin), { headers: { cookie }, signal: left.signal });
      let text = "";
      try {
        for await (const piece of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
          const events = (text + piece).split("\n\n");
          text = events.pop() ?? "";
          for (const event of events) {
            const data = event.split("\n").flatMap((line) => (line.startsWith("data: ") ? [line.slice(6)] : []));
            if (data.length > 0) yield JSON.parse(data.join("\n")) as T;
          }
        }
      } finally {
        left.abort();
      }
    },
  };
}
