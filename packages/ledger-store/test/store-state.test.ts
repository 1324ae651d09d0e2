import type { Fault } from "@windlass/sandbox";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { createStoreState, type StoreState, type StoreWrite } from "../src/index.ts";
import { type OpenWorld, openSandbox, startWorlds } from "./worlds.ts";

const image = "dga-network";
const file = "terraform.tfstate";
const worlds = await startWorlds();

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function etagIn(outcome: StoreWrite): string {
  if (outcome.kind !== "written") throw new Error(`not written: ${outcome.kind}`);
  return outcome.etag;
}

for (const world of worlds) {
  describe.skipIf(world.unavailable)(`the state in a store folder on ${world.title}`, () => {
    let open: OpenWorld;
    let state: StoreState;
    beforeEach(async () => {
      open = await world.open();
      state = createStoreState({ client: open.client, bucket: open.bucket, delay: async () => {} });
    });
    afterAll(() => world.stop());

    it("is empty at first", async () => {
      expect(await state.list(image)).toEqual([]);
      expect(await state.read(image, file)).toBeNull();
    });

    it("is read byte for byte as it was written, in one call each", async () => {
      const content = Uint8Array.from([0xef, 0xbb, 0xbf, 0, 255, 10, 128]);
      const outcome = await state.write({ image, file, content, previous: null });

      expect(await state.read(image, file)).toEqual({ content, etag: etagIn(outcome) });
      expect(open.takeCalls()).toEqual(["PutObject", "GetObject"]);
    });

    it("may have an empty file", async () => {
      await state.write({ image, file, content: new Uint8Array(), previous: null });

      expect((await state.read(image, file))?.content).toEqual(new Uint8Array());
    });

    it("replaces the file that it was read from, and no other", async () => {
      const first = etagIn(await state.write({ image, file, content: bytes("1"), previous: null }));
      const second = etagIn(await state.write({ image, file, content: bytes("2"), previous: first }));

      expect(await state.write({ image, file, content: bytes("3"), previous: first })).toEqual({ kind: "changed" });
      expect(await state.write({ image, file, content: bytes("3"), previous: null })).toEqual({ kind: "changed" });
      expect(await state.read(image, file)).toEqual({ content: bytes("2"), etag: second });
    });

    it("does not bring back a file that was taken away", async () => {
      const write = { image, file, content: bytes("1"), previous: '"0123456789abcdef0123456789abcdef"' };

      expect(await state.write(write)).toEqual({ kind: "changed" });
      expect(await state.read(image, file)).toBeNull();
    });

    it("counts the same content as written, whoever wrote it", async () => {
      const first = etagIn(await state.write({ image, file, content: bytes("1"), previous: null }));
      const second = etagIn(await state.write({ image, file, content: bytes("2"), previous: first }));

      const repeated = await state.write({ image, file, content: bytes("2"), previous: first });

      expect(repeated).toEqual({ kind: "written", etag: second });
    });

    it("is written by one of many at once", async () => {
      const contents = Array.from({ length: 8 }, (_, index) => bytes(`state ${index}`));

      const outcomes = await Promise.all(
        contents.map((content) => state.write({ image, file, content, previous: null })),
      );

      const winners = outcomes.flatMap(({ kind }, index) => (kind === "written" ? [index] : []));
      expect(winners).toHaveLength(1);
      expect((await state.read(image, file))?.content).toEqual(contents[winners[0] ?? -1]);
    });

    it("lists the files of its image alone, with their folders", async () => {
      for (const name of ["terraform.tfstate.backup", file, "env/prod ü/terraform.tfstate"]) {
        await state.write({ image, file: name, content: bytes(name), previous: null });
      }
      await state.write({ image: "dga-network-2", file, content: bytes("other"), previous: null });
      await open.put(`state/${image}.tfstate`, "managed");
      await open.put(`state/${image}/store/`, "");

      const listed = await state.list(image);

      expect(listed).toEqual(["env/prod ü/terraform.tfstate", file, "terraform.tfstate.backup"]);
      for (const name of listed) expect((await state.read(image, name))?.content).toEqual(bytes(name));
    });

    it("does not leave out a file that can not be restored", async () => {
      await open.put(`state/${image}/store/${"x".repeat(201)}`, "");

      await expect(state.list(image)).rejects.toMatchObject({ code: "argument-invalid" });
    });

    it.each([
      ["", "an empty name"],
      ["/etc/passwd", "an absolute path"],
      ["../ledger.json", "a path that leaves the folder"],
      ["a/../../b", "a path that leaves the folder on its way"],
      ["a/./b", "a path with a dot"],
      ["a//b", "a path with an empty part"],
      ["a/", "a folder"],
      ["a\\b", "a backslash"],
      ["a\u0000b", "a control character"],
      ["a\ud800", "half a character"],
      ["x".repeat(201), "more than 200 characters"],
    ])("has no file %j: %s", async (name) => {
      const refused = { code: "argument-invalid", message: expect.stringContaining("no file of store/") };

      await expect(state.read(image, name)).rejects.toMatchObject(refused);
      await expect(state.write({ image, file: name, content: bytes("1"), previous: null })).rejects.toMatchObject(
        refused,
      );
      await expect(state.read(`${image}/../x`, file)).rejects.toMatchObject({ code: "argument-invalid" });
      expect(open.takeCalls()).toEqual([]);
    });
  });
}

describe("the state in a store folder, where answers go wrong", () => {
  let open: ReturnType<typeof openSandbox>;
  let state: StoreState;
  let waits: number[];
  beforeEach(() => {
    open = openSandbox();
    waits = [];
    const { client, bucket } = open;
    state = createStoreState({ client, bucket, random: () => 1, delay: async (ms) => void waits.push(ms) });
  });

  function afflictPuts(fault: Pick<Fault, "kind"> & Partial<Fault>): void {
    open.sandbox.faults.add({ service: "s3", action: "PutObject", times: 1, ...fault });
  }

  it("is written under the same condition again after a conflict (409)", async () => {
    afflictPuts({ kind: "error-before", code: "ConditionalRequestConflict", status: 409, times: 2 });

    expect(await state.write({ image, file, content: bytes("1"), previous: null })).toMatchObject({ kind: "written" });
    expect(waits).toEqual([50, 100]);
  });

  it("is known to be written where the reply was lost", async () => {
    afflictPuts({ kind: "error-after" });

    const outcome = await state.write({ image, file, content: bytes("1"), previous: null });

    expect(open.takeCalls()).toEqual(["PutObject", "GetObject"]);
    expect(await state.read(image, file)).toEqual({ content: bytes("1"), etag: etagIn(outcome) });
  });

  it("can be written again after an unclear answer, also where the first write did arrive", async () => {
    const first = etagIn(await state.write({ image, file, content: bytes("1"), previous: null }));
    const write = { image, file, content: bytes("2"), previous: first };
    afflictPuts({ kind: "error-after", times: 1 });
    open.sandbox.faults.add({ kind: "throttle", service: "s3", action: "GetObject", times: 100 });
    afflictPuts({ kind: "error-before", code: "ECONNRESET", times: 100 });
    await expect(state.write(write)).rejects.toMatchObject({ code: "write-unclear", retryable: true });
    open.sandbox.faults.clear();

    expect(await state.write(write)).toMatchObject({ kind: "written" });
    expect((await state.read(image, file))?.content).toEqual(bytes("2"));
  });

  it("is not said to be missing where it can not be read", async () => {
    open.sandbox.faults.add({ kind: "throttle", service: "s3", action: "GetObject", times: 1 });

    await expect(state.read(image, file)).rejects.toMatchObject({ code: "unavailable" });
  });

  it("is not listed by halves: more than 1,000 files", async () => {
    const { s3 } = open.sandbox.account("222222222222");
    for (let number = 0; number <= 1_000; number += 1) s3.write(open.bucket, `state/${image}/store/${number}`, "x");

    await expect(state.list(image)).rejects.toMatchObject({ code: "too-many" });
  });
});
