import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { readBody } from "./read-body.ts";

const bytes = new TextEncoder().encode("böd\0y");

describe("a request's body", () => {
  it.each<[string, unknown]>([
    ["a string", "böd\0y"],
    ["bytes", bytes],
    ["a Buffer", Buffer.from(bytes)],
    ["an ArrayBuffer", bytes.buffer],
    ["a view of one", new DataView(bytes.buffer)],
    ["a Blob", new Blob([bytes])],
    ["a stream of node", Readable.from([bytes.slice(0, 2), bytes.slice(2)])],
    ["a stream of strings", Readable.from(["böd", "\0y"])],
    ["a stream of the web", new Blob([bytes]).stream()],
  ])("is read from %s", async (_kind, body) => {
    expect(Buffer.from(await readBody(body))).toEqual(Buffer.from(bytes));
  });

  it("is empty where there is none", async () => {
    expect((await readBody(undefined)).length).toBe(0);
    expect((await readBody(null)).length).toBe(0);
  });

  it("is read from a form", async () => {
    expect(Buffer.from(await readBody(new URLSearchParams({ a: "b c" }))).toString()).toBe("a=b+c");
  });

  it("is refused where nobody can read it", async () => {
    await expect(readBody({ a: 1 })).rejects.toThrow("can not be [object Object]");
  });
});
