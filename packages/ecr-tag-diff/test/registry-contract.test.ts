import { startMoto } from "@windlass/moto";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { createHeadReader, type HeadReader } from "../src/index.ts";
import { motoWorld, pipeline, type RegistryWorld, sandboxWorld } from "./registry-worlds.ts";

const moto = await startMoto();
afterAll(() => moto.stop());

const worlds = [
  { title: "the sandbox", skip: false, open: sandboxWorld },
  {
    title: moto.title,
    skip: moto.kind === "unavailable",
    open: () => {
      if (moto.kind === "unavailable") throw new Error(moto.why);
      return motoWorld(moto);
    },
  },
];

describe.each(worlds)("heads in $title", ({ skip, open }) => {
  describe.skipIf(skip)("read from another account", () => {
    let world: RegistryWorld;
    let reader: HeadReader;

    beforeEach(async () => {
      world = await open();
      reader = createHeadReader({ client: world.client, registryId: pipeline });
    });
    afterEach(() => world.close());

    it("have digest, push time and the commit of their tag", async () => {
      await world.createRepository("web");
      const tags = ["staging", "git_4f2a91c"];
      const digest = await world.push({ repository: "web", contents: "one", tags });

      const heads = await reader.readHeads([{ image: "web", repository: "web", tag: "staging" }], {});

      expect(heads).toEqual({
        web: { kind: "head", head: { digest, commit: "4f2a91c", pushedAt: expect.stringMatching(/Z$/) } },
      });
    });

    it("are absent without the tag, and without the repository", async () => {
      await world.createRepository("web");
      await world.push({ repository: "web", contents: "one", tags: ["scratch"] });

      const heads = await reader.readHeads(
        [
          { image: "web", repository: "web", tag: "staging" },
          { image: "api", repository: "api", tag: "staging" },
        ],
        {},
      );

      expect(heads).toEqual({
        web: { kind: "absent", missing: "tag" },
        api: { kind: "absent", missing: "repository" },
      });
    });

    it("follow a tag that moves", async () => {
      await world.createRepository("web");
      const source = { image: "web", repository: "web", tag: "staging" };
      await world.push({ repository: "web", contents: "one", tags: ["staging", "git_aaaaaaa"] });
      const { web: before } = await reader.readHeads([source], {});
      const digest = await world.push({ repository: "web", contents: "two", tags: ["git_bbbbbbb", "staging"] });

      const { web: after } = await reader.readHeads([source], before?.kind === "head" ? { web: before.head } : {});

      expect(before).toMatchObject({ kind: "head", head: { commit: "aaaaaaa" } });
      expect(after).toMatchObject({ kind: "head", head: { digest, commit: "bbbbbbb" } });
    });

    it("of two areas lie beside each other in one repository, or in one for each", async () => {
      for (const name of ["web", "staging/web"]) await world.createRepository(name);
      const tagged = await world.push({ repository: "web", contents: "one", tags: ["staging", "git_aaaaaaa"] });
      const other = await world.push({ repository: "web", contents: "two", tags: ["scratch", "git_bbbbbbb"] });
      const prefixed = await world.push({ repository: "staging/web", contents: "3", tags: ["latest", "git_ccccccc"] });

      const heads = await reader.readHeads(
        [
          { image: "tagged", repository: "web", tag: "staging" },
          { image: "other", repository: "web", tag: "scratch" },
          { image: "prefixed", repository: "staging/web", tag: "latest" },
        ],
        {},
      );

      expect(heads).toMatchObject({
        tagged: { kind: "head", head: { digest: tagged, commit: "aaaaaaa" } },
        other: { kind: "head", head: { digest: other, commit: "bbbbbbb" } },
        prefixed: { kind: "head", head: { digest: prefixed, commit: "ccccccc" } },
      });
    });
  });
});
