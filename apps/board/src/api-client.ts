import type { ActView, BoardFailure, BoardWish } from "./api.ts";

export type Shown = BoardFailure["error"];

/** What the server answered, or why it did not. */
export type Answer<Value> =
  | { readonly kind: "value"; readonly value: Value }
  | { readonly kind: "failure"; readonly error: Shown };

/** `Value` is what the board's contract says of the path. */
export async function getJson<Value>(path: string, signal?: AbortSignal): Promise<Answer<Value>> {
  return request<Value>(path, { headers: { accept: "application/json" }, ...(signal === undefined ? {} : { signal }) });
}

/** Nothing is sent: what a wish would do. */
export async function previewWish(wish: BoardWish): Promise<Answer<ActView>> {
  return post("/api/preview", wish);
}

export async function sendWish(wish: BoardWish): Promise<Answer<ActView>> {
  return post("/api/controls", wish);
}

function post(path: string, wish: BoardWish): Promise<Answer<ActView>> {
  // A page of another origin can not send this header.
  const headers = { "content-type": "application/json", "x-windlass-board": "1" };
  return request<ActView>(path, { method: "POST", headers, body: JSON.stringify(wish) });
}

async function request<Value>(path: string, init: RequestInit): Promise<Answer<Value>> {
  try {
    const response = await fetch(path, init);
    const body: unknown = await response.json();
    if (response.ok) return { kind: "value", value: body as Value };
    return { kind: "failure", error: failureOf(body) ?? failureText(`the board answered ${response.status}`) };
  } catch {
    return { kind: "failure", error: failureText("the board does not answer: is windlass board still running?") };
  }
}

function failureOf(body: unknown): Shown | null {
  const hasError = typeof body === "object" && body !== null && "error" in body;
  return hasError ? (body as BoardFailure).error : null;
}

function failureText(message: string): Shown {
  return { code: null, message, where: null, expected: null, found: null, hint: null, text: message };
}
