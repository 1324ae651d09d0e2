import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { packNode } from "./pack-node.ts";

function open() {
  const folder = mkdtempSync(join(tmpdir(), "windlass-pack-"));
  const program = join(folder, "program");
  writeFileSync(program, "#!/bin/sh\necho v24\n");
  return { folder, program, cache: join(folder, "cache"), name: "node-linux-x64" };
}

it("makes an archive with an executable node at its top, which tar understands", () => {
  const { folder, ...options } = open();

  execFileSync("tar", ["-xzf", packNode(options), "-C", folder]);

  expect(readFileSync(join(folder, "node"), "utf8")).toBe("#!/bin/sh\necho v24\n");
  expect(statSync(join(folder, "node")).mode & 0o777).toBe(0o755);
  expect(execFileSync(join(folder, "node"), { encoding: "utf8" })).toBe("v24\n");
});

it("makes the same bytes of the same program, and another archive of another", () => {
  const { program, cache, name } = open();
  const first = packNode({ program, cache, name });
  const again = packNode({ program, cache: `${cache}-2`, name });
  writeFileSync(program, "#!/bin/sh\necho v25\n");
  utimesSync(program, 1, 1);

  const other = packNode({ program, cache, name });

  expect(readFileSync(again).equals(readFileSync(first))).toBe(true);
  expect(readFileSync(other).equals(readFileSync(first))).toBe(false);
});
