import { execFile } from "node:child_process";
import { readdir, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const app = fileURLToPath(new URL("../../", import.meta.url));
const packages = fileURLToPath(new URL("../../../../packages/", import.meta.url));
const SOURCES = [
  join(app, "src"),
  ...[
    "account-mapping",
    "asg-orchestrator",
    "deployment",
    "ecr-tag-diff",
    "ledger-store",
    "redaction",
    "windlass-error",
  ].map((name) => join(packages, name, "src")),
];

let built: Promise<string> | undefined;

/** The bundle as it is shipped; built anew where a source is newer than it. */
export function builtRunner(): Promise<string> {
  built ??= build();
  return built;
}

async function build(): Promise<string> {
  const bundle = join(app, "dist", "runner.mjs");
  const builtAt = await stat(bundle).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
  if ((await newestChange()) > builtAt) {
    const tsup = join(dirname(createRequire(import.meta.url).resolve("tsup/package.json")), "dist", "cli-default.js");
    await promisify(execFile)(process.execPath, [tsup], { cwd: app });
  }
  return bundle;
}

async function newestChange(): Promise<number> {
  const folders = await Promise.all(SOURCES.map((folder) => readdir(folder, { recursive: true, withFileTypes: true })));
  const files = folders.flat().filter((entry) => entry.isFile() && !entry.name.endsWith(".test.ts"));
  const times = files.map(async (file) => (await stat(join(file.parentPath, file.name))).mtimeMs);
  return Math.max(...(await Promise.all(times)));
}
