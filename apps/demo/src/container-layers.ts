import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import { type ModuleContent, moduleText } from "./modules.ts";

/** A layer with Terraform in it, as `/bin/terraform` or `/bin/tofu`. In gzip: it is sent often, and made once. */
export function programLayer(path: string): Uint8Array {
  return layerOf((folder) => {
    mkdirSync(join(folder, "bin"));
    copyFileSync(realpathSync(path), join(folder, "bin", basename(path)));
  });
}

/** A layer with the root module in `/module`. */
export function moduleLayer(content: ModuleContent): Uint8Array {
  return layerOf((folder) => {
    mkdirSync(join(folder, "module"));
    writeFileSync(join(folder, "module", "main.tf"), moduleText(content));
  });
}

function layerOf(fill: (folder: string) => void): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), "windlass-layer-"));
  try {
    const root = join(folder, "root");
    mkdirSync(root);
    fill(root);
    const file = join(folder, "layer.tar");
    execFileSync("tar", ["--owner=0", "--group=0", "--numeric-owner", "-C", root, "-cf", file, "."]);
    return gzipSync(readFileSync(file), { level: 1 });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
