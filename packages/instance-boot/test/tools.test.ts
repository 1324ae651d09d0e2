import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { renderUnit } from "../src/render-unit.ts";
import { renderUserData } from "../src/render-user-data.ts";
import { findProgram, writeProgram } from "./support/boot-machine.ts";
import { someOptions } from "./support/options.ts";

const variants = [
  { engine: "docker", release: "2023.9.20251117" },
  { engine: "podman", release: null },
] as const;

describe("what is rendered, to the tools that know it", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "windlass-boot-"));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it.for(variants)("is nothing that shellcheck would mention, with $engine", (change, context) => {
    if (findProgram("shellcheck") === null) context.skip("no shellcheck on the PATH");
    const path = join(root, "user-data.sh");
    writeFileSync(path, renderUserData(someOptions(change)));

    const { status, stdout } = spawnSync("shellcheck", ["--severity=style", path], { encoding: "utf8" });

    expect(stdout).toBe("");
    expect(status).toBe(0);
  });

  it.for(variants)("is a unit that systemd understands, with $engine", (change, context) => {
    if (findProgram("systemd-analyze") === null) context.skip("no systemd-analyze on the PATH");
    mkdirSync(join(root, "opt"));
    for (const name of ["node", "boot"]) writeProgram(join(root, "opt", name), "");
    const unit = join(root, "windlass-runner.service");
    writeFileSync(unit, renderUnit(someOptions(change)).replaceAll("/opt/windlass/", join(root, "opt/")));

    const { status, stderr } = spawnSync("systemd-analyze", ["verify", unit], { encoding: "utf8" });

    expect(stderr).toBe("");
    expect(status).toBe(0);
  });
});
