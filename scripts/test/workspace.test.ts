import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { workspaceFolders } from "../workspace.mjs";

it("finds the folders that pnpm-workspace.yaml names, and no folder without a package.json", () => {
  const base = mkdtempSync(join(tmpdir(), "windlass-workspace-"));
  writeFileSync(
    join(base, "pnpm-workspace.yaml"),
    "packages:\n  - packages/*\n  - missing/*\n  - bench\n\ncatalog:\n  - no\n",
  );
  for (const path of ["packages/b", "packages/a", "packages/empty", "bench"]) {
    mkdirSync(join(base, path), { recursive: true });
    if (path !== "packages/empty") writeFileSync(join(base, path, "package.json"), JSON.stringify({ name: path }));
  }

  expect(workspaceFolders(base).map((folder) => folder.path)).toEqual(["bench", "packages/a", "packages/b"]);
  rmSync(base, { recursive: true });
});
