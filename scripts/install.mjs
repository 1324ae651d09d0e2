// Installs the dependencies with what every Node brings: npm fetches pnpm, pnpm does the rest.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pinnedNode, pinnedNodeFolder, runQuietly } from "./processes.mjs";
import { withProgress } from "./progress.mjs";
import { readManifest, root } from "./workspace.mjs";

const stamp = join(root, "node_modules", ".windlass-install");

/**
 * Installs where the last installation was not of this lockfile on this kind of machine.
 *
 * @returns {Promise<string | null>} what went wrong, for people
 */
export async function install() {
  const wanted = installationKey();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return null;
  const { command, args } = pnpmCommand();
  const options = ["install", "--frozen-lockfile", "--config.confirmModulesPurge=false", "--reporter=append-only"];
  const { code, output } = await withProgress("Installing the dependencies", () =>
    runQuietly(command, [...args, ...options]),
  );
  if (code !== 0) return installProblem(output);
  if (usesOwnNode()) removePinnedNode();
  else linkPinnedNode();
  writeFileSync(stamp, wanted);
  return null;
}

/** Whether the Node that runs this is to run everything: so CI tests each version that is promised. */
function usesOwnNode() {
  return (process.env["WINDLASS_OWN_NODE"] ?? "") !== "";
}

/**
 * pnpm puts a shell script before each program, and a shell keeps signals to itself. Whoever stops a command means
 * Node, so here a link takes its place.
 */
function linkPinnedNode() {
  const target = pinnedNode();
  if (target === process.execPath) return;
  const link = join(root, "node_modules", ".bin", "node");
  rmSync(link, { force: true });
  symlinkSync(target, link);
}

/** pnpm puts the workspace's programs first on PATH, and so the Node of the lockfile, where there is one. */
function removePinnedNode() {
  rmSync(join(root, "node_modules", ".bin", "node"), { force: true });
  rmSync(pinnedNodeFolder(), { force: true, recursive: true });
}

/** Changes with the lockfile, the settings of pnpm and the machine: native parts are per platform. */
function installationKey() {
  const hash = createHash("sha256");
  for (const file of ["pnpm-lock.yaml", "pnpm-workspace.yaml"]) {
    hash.update(readFileSync(join(root, file)));
  }
  const node = usesOwnNode() ? "own" : "pinned";
  return `${hash.digest("hex")} ${process.platform} ${process.arch} ${node}\n`;
}

/** The workspace's own pnpm where it is there in the right version, or else npm's help to get it. */
function pnpmCommand() {
  const wanted = (readManifest(root).packageManager ?? "").replace(/\+.*$/, "");
  const own = join(root, "node_modules", "pnpm");
  if (existsSync(join(own, "bin", "pnpm.cjs")) && `pnpm@${manifestVersion(own)}` === wanted) {
    return { command: process.execPath, args: [join(own, "bin", "pnpm.cjs")] };
  }
  return { command: "npx", args: ["--yes", "--loglevel=error", "--no-update-notifier", wanted] };
}

/** @param {string} folder */
function manifestVersion(folder) {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).version;
}

/**
 * @param {string} output of npm or pnpm
 * @returns {string}
 */
export function installProblem(output) {
  const said = output.trim().split("\n").slice(-20).join("\n");
  return `${said}\n\nWindlass could not install its dependencies: ${installHint(output)}`;
}

/** @param {string} output */
function installHint(output) {
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT/.test(output)) {
    return "the npm registry did not answer. Check the network, a proxy, and the registry in your .npmrc.";
  }
  if (/ENOSPC/.test(output)) return "the disk is full.";
  if (/OUTDATED_LOCKFILE/.test(output))
    return "pnpm-lock.yaml is behind a package.json. Run `npx pnpm@10.34.9 install`.";
  if (/npx: not found|spawn npx ENOENT/.test(output)) return "npm is not on the PATH. It comes with Node.";
  return "see above.";
}
