import { execFileSync } from "node:child_process";
import { chown, mkdir, mkdtemp, readFile, rm, stat, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openVolume } from "./volume.ts";

let base: string;
let root: string;
let outside: string;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), "windlass-volume-"));
  root = join(base, "module");
  outside = join(base, "host");
  await mkdir(root);
  await mkdir(outside);
  await writeFile(join(outside, "shadow"), "secret");
});
afterEach(() => rm(base, { recursive: true }));

const text = async (content: Promise<Buffer | null>) => (await content)?.toString() ?? null;
const refused = { code: "volume-unreadable" };

describe("writing", () => {
  it("makes folders on the way, and replaces what is there", async () => {
    const volume = openVolume(root);

    await volume.write("a/b/c.txt", "one");
    await volume.write("a/b/c.txt", "two");

    expect(await readFile(join(root, "a/b/c.txt"), "utf8")).toBe("two");
    expect(await volume.list("")).toEqual(["a/b/c.txt"]);
  });

  it("replaces a link instead of following it", async () => {
    await symlink(join(outside, "shadow"), join(root, "main.tf"));
    await symlink(join(outside, "shadow"), join(root, "main.tf.windlass"));

    await openVolume(root).write("main.tf", "mine");

    expect(await readFile(join(root, "main.tf"), "utf8")).toBe("mine");
    expect(await readFile(join(outside, "shadow"), "utf8")).toBe("secret");
  });

  it("replaces a folder that is in the file's place", async () => {
    await mkdir(join(root, "main.tf", "x"), { recursive: true });

    await openVolume(root).write("main.tf", "mine");

    expect(await readFile(join(root, "main.tf"), "utf8")).toBe("mine");
  });

  it.each(["store/x.json", "store/deep/er/x.json", "a/store/x.json"])(
    "refuses %s where a folder on the way is a link, and makes nothing behind it",
    async (name) => {
      await mkdir(join(root, "a"));
      await symlink(outside, join(root, "store"));
      await symlink(outside, join(root, "a", "store"));

      await expect(openVolume(root).write(name, "x")).rejects.toMatchObject(refused);

      expect(await openVolume(outside).list("")).toEqual(["shadow"]);
      await expect(stat(join(outside, "deep"))).rejects.toThrow("ENOENT");
    },
  );

  it.each(["../host/x", "a/../../host/x"])("refuses to leave the volume: %s", async (name) => {
    await expect(openVolume(root).write(name, "x")).rejects.toThrow();

    expect(await openVolume(outside).list("")).toEqual(["shadow"]);
  });

  it.skipIf(process.getuid?.() !== 0)("gives files and folders to whom the folder around belongs", async () => {
    await chown(root, 1_234, 2_345);
    const volume = openVolume(root);

    await volume.write("a/b.txt", "x");
    await volume.clear("store");

    for (const name of ["a", "a/b.txt", "store"]) {
      expect(await stat(join(root, name))).toMatchObject({ uid: 1_234, gid: 2_345 });
    }
  });
});

describe("reading", () => {
  it("gives a regular file", async () => {
    await mkdir(join(root, "store"));
    await writeFile(join(root, "store", "a"), "content");

    expect(await text(openVolume(root).read("store/a"))).toBe("content");
  });

  it("finds nothing where there is nothing", async () => {
    expect(await openVolume(root).read("store/a")).toBeNull();
  });

  it.each(["shadow", "link/shadow", "a/link/shadow", "../host/shadow", "loop"])(
    "finds nothing behind a link or outside: %s",
    async (name) => {
      await mkdir(join(root, "a"));
      await symlink(join(outside, "shadow"), join(root, "shadow"));
      await symlink(outside, join(root, "link"));
      await symlink(outside, join(root, "a", "link"));
      await symlink("loop", join(root, "loop"));

      expect(await openVolume(root).read(name)).toBeNull();
    },
  );

  it("finds nothing in a named pipe, a device and a folder, and does not wait for them", async () => {
    execFileSync("mkfifo", [join(root, "pipe")]);
    await mkdir(join(root, "folder"));

    expect(await openVolume(root).read("pipe")).toBeNull();
    expect(await openVolume(root).read("folder")).toBeNull();
    expect(await openVolume("/dev").read("null")).toBeNull();
  });

  it("refuses a file that is too large to be kept", async () => {
    await writeFile(join(root, "large"), "");
    await truncate(join(root, "large"), 512 * 1_048_576 + 1);

    await expect(openVolume(root).read("large")).rejects.toMatchObject({ ...refused, where: "large" });
  });
});

describe("listing", () => {
  it("gives regular files alone, in order, and goes through no link", async () => {
    await mkdir(join(root, "store", "env"), { recursive: true });
    await writeFile(join(root, "store", "b"), "");
    await writeFile(join(root, "store", "env", "a"), "");
    await symlink(outside, join(root, "store", "link"));
    await symlink(join(outside, "shadow"), join(root, "store", "shadow"));
    execFileSync("mkfifo", [join(root, "store", "pipe")]);

    expect(await openVolume(root).list("store")).toEqual(["b", "env/a"]);
  });

  it.each([
    ["is not there", async () => {}],
    ["is a link", () => symlink(outside, join(root, "store"))],
    ["is a file", () => writeFile(join(root, "store"), "")],
  ])("is empty where the folder %s", async (_, make) => {
    await make();

    expect(await openVolume(root).list("store")).toEqual([]);
  });

  it("refuses more than anybody keeps, also of folders", async () => {
    for (let number = 0; number <= 1_000; number += 1)
      await mkdir(join(root, "store", String(number)), { recursive: true });

    await expect(openVolume(root).list("store")).rejects.toMatchObject(refused);
  });

  it("refuses folders in each other without end", async () => {
    await mkdir(join(root, "store", ...Array.from({ length: 40 }, () => "d")), { recursive: true });

    await expect(openVolume(root).list("store")).rejects.toMatchObject(refused);
  });
});

describe("clearing", () => {
  it("empties the folder, or makes it", async () => {
    await mkdir(join(root, "store", "old"), { recursive: true });
    await openVolume(root).clear("store");
    await openVolume(root).clear("a/new");

    expect((await stat(join(root, "store"))).isDirectory()).toBe(true);
    expect(await openVolume(root).list("")).toEqual([]);
  });

  it("takes a link away, and leaves what it leads to", async () => {
    await symlink(outside, join(root, "store"));

    await openVolume(root).clear("store");

    expect((await stat(join(root, "store"))).isDirectory()).toBe(true);
    expect(await readFile(join(outside, "shadow"), "utf8")).toBe("secret");
  });

  it("refuses where a link leads out on the way", async () => {
    await mkdir(join(outside, "store"));
    await symlink(outside, join(root, "a"));

    await expect(openVolume(root).clear("a/store")).rejects.toMatchObject(refused);
  });
});
