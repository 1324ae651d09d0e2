// The machine that boots: runs inside fresh namespaces, serves metadata and AWS there, and runs the user data to its end.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { createConnection, createServer } from "node:net";
import { join } from "node:path";
import process from "node:process";

const [root = "", ...args] = process.argv.slice(2);

ip("link", "set", "lo", "up");
ip("address", "add", "169.254.169.254/32", "dev", "lo");
replaceFolder("/var/log");
replaceFolder("/var/lib");
replaceFolder("/etc/systemd/system");
// Programs that this needs may be installed there.
const kept = readdirSync("/opt");
for (const name of kept) mkdirSync(join(root, "disk/opt", name), { recursive: true });
for (const name of kept) mount("--rbind", join("/opt", name), join(root, "disk/opt", name));
replaceFolder("/opt");

await forward("169.254.169.254", 80, "metadata.sock");
await forward("127.0.0.1", 4650, "aws.sock");
const child = spawn("bash", args, { stdio: "inherit" });
child.once("exit", (code) => {
  writeFileSync(join(root, "addresses"), ip("-brief", "address"));
  process.exit(code ?? 99);
});

/** @param {readonly string[]} args */
function ip(...args) {
  return execFileSync(process.env["IP"] ?? "ip", args, { encoding: "utf8" });
}

/** @param {readonly string[]} args */
function mount(...args) {
  execFileSync(process.env["MOUNT"] ?? "mount", args);
}

/** @param {string} path */
function replaceFolder(path) {
  mkdirSync(join(root, "disk", path), { recursive: true });
  mount("--rbind", join(root, "disk", path), path);
}

/**
 * Sockets with a path reach across network namespaces; a file named `offline` is the cable pulled out.
 *
 * @param {string} host
 * @param {number} port
 * @param {string} socket
 */
function forward(host, port, socket) {
  const server = createServer((client) => {
    if (socket === "aws.sock" && existsSync(join(root, "offline"))) return client.destroy();
    const upstream = createConnection(join(root, socket));
    client.pipe(upstream).pipe(client);
    client.on("error", () => upstream.destroy());
    upstream.on("error", () => client.destroy());
  });
  return new Promise((resolve) => server.listen(port, host, () => resolve(undefined)));
}
