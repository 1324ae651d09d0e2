import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findFiles } from "./find-files.ts";

const LIMITS = { deepest: 3, mostEntries: 100, mostFiles: 5 };
const isState = (name: string) => name === "terraform.tfstate";
let root = "";

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "windlass-find-"));
});
afterEach(() => rm(root, { recursive: true }));

async function write(...names: readonly string[]): Promise<void> {
  for (const name of names) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), "");
  }
}

describe("findFiles", () => {
  it("finds them in every folder, but for what init makes and for what git keeps", async () => {
    await write("terraform.tfstate", "infra/a/terraform.tfstate", "infra/terraform.tfstate.backup");
    await write(".terraform/terraform.tfstate", "infra/.terraform/terraform.tfstate", ".git/terraform.tfstate");

    const found = await findFiles(root, isState);

    expect(found).toEqual({ files: ["infra/a/terraform.tfstate", "terraform.tfstate"], complete: true });
  });

  it("follows no link, and takes nothing but regular files", async () => {
    await write("there/terraform.tfstate");
    await symlink(join(root, "there"), join(root, "folder"));
    await symlink(join(root, "there", "terraform.tfstate"), join(root, "terraform.tfstate"));
    await mkdir(join(root, "other", "terraform.tfstate"), { recursive: true });

    expect(await findFiles(root, isState)).toEqual({ files: ["there/terraform.tfstate"], complete: true });
  });

  it.each([
    ["too deep", ["a/b/c/d/terraform.tfstate"], []],
    ["too many files", Array.from({ length: 101 }, (_, number) => `b/${number}`), ["terraform.tfstate"]],
    ["too many of them", ["1", "2", "3", "4", "5"].map((name) => `${name}/terraform.tfstate`), null],
  ] as const)(
    "says that it has not looked at all where there is %s, and has looked above first",
    async (_, names, expected) => {
      await write(...names, ...(expected?.length === 0 ? [] : ["terraform.tfstate"]));

      const { files, complete } = await findFiles(root, isState, LIMITS);

      expect(complete).toBe(false);
      if (expected === null) expect(files).toContain("terraform.tfstate");
      else expect(files).toEqual(expected);
    },
  );
});
