import { execFileSync, spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createConnection, createServer, type Server } from "node:net";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The script needs these of the image, and no others. */
const REAL = "bash cat cmp curl cut date env gzip install ip mktemp rm sed sha256sum tail tar tee timeout tr";

/** What would change the machine, or wait. Each writes its call down first; then it does what it is told here. */
const STUBS: Readonly<Record<string, string>> = {
  dnf: 'install "$ROOT/docker" "$ROOT/bin/docker"',
  journalctl: "printf 'the runner says \"no\"\\n'",
  pkill: "",
  poweroff: "",
  shutdown: "",
  sleep: "",
  systemctl: "",
};

const DOCKER = `printf '%s\\n' "docker $*" >>"$ROOT/calls"
if [ "$1" = ps ] && [ -e "$ROOT/containers" ]; then cat "$ROOT/containers"; fi`;

/** A disk, and programs on it, for one machine. */
export interface BootMachine {
  readonly root: string;
  /** Replaces a program: the lines of bash run after the call was written down. */
  stub(name: string, lines: string): void;
  /** Replaces a program by one that runs it only after these lines, which can look at its arguments and exit. */
  precede(name: string, lines: string): void;
  /** Runs the user data, or what it installed, in namespaces of its own. */
  run(args: readonly string[], environment?: Readonly<Record<string, string>>): Promise<Ran>;
  /** As the packages do. */
  installEngine(): void;
  /** What the engine says is running. */
  leaveContainers(ids: string): void;
  /** What is on the machine's disk. */
  read(path: string): string;
  has(path: string): boolean;
  /** The calls of stubs, one a line. */
  calls(): readonly string[];
  /** A file that a stub wrote into `$ROOT`. */
  note(name: string): string;
}

export interface Ran {
  readonly code: number;
  /** What EC2's console output would show. */
  readonly console: string;
}

export function createMachine(root: string): BootMachine {
  const bin = join(root, "bin");
  mkdirSync(join(root, "disk"), { recursive: true });
  mkdirSync(bin);
  for (const name of REAL.split(" ")) symlinkSync(findProgram(name) ?? name, join(bin, name));
  // Where it is a script, it needs programs that the boot script must not get by accident.
  writeProgram(join(bin, "aws"), `exec env PATH='${process.env["PATH"]}' '${findAws()}' "$@"`);
  const stub = (name: string, lines: string) =>
    writeProgram(join(bin, name), `printf '%s\\n' "${name} $*" >>"$ROOT/calls"\n${lines}`);
  for (const [name, lines] of Object.entries(STUBS)) stub(name, lines);
  writeProgram(join(bin, "uname"), "echo x86_64");
  writeProgram(join(root, "docker"), DOCKER);
  const read = (path: string) => readFileSync(join(root, path), "utf8");
  return {
    root,
    stub,
    precede(name, lines) {
      stub(name, `${lines}\nexec '${findProgram(name)}' "$@"`);
    },
    installEngine: () => writeProgram(join(bin, "docker"), DOCKER),
    leaveContainers: (ids) => writeFileSync(join(root, "containers"), ids),
    run: (args, environment = {}) => runInNamespaces(root, args, environment),
    read: (path) => read(join("disk", path)),
    has: (path) => existsSync(join(root, "disk", path)),
    calls: () => (existsSync(join(root, "calls")) ? read("calls").trimEnd().split("\n") : []),
    note: read,
  };
}

/** A `.tar.gz` with a program `node` that says a version, and its hash. */
export function packNode(root: string, lines = "echo v24.21.0"): { readonly bytes: Buffer; readonly sha256: string } {
  writeProgram(join(root, "node"), lines);
  const bytes = execFileSync("tar", ["--create", "--gzip", "--directory", root, "node"]);
  return { bytes, sha256: sha256(bytes) };
}

export function sha256(bytes: string | Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** A socket with a path in place of a port. */
export async function serveAt(path: string, url: string): Promise<Server> {
  const port = Number(new URL(url).port);
  const server = createServer((client) => {
    const upstream = createConnection(port, "127.0.0.1");
    client.pipe(upstream).pipe(client);
    client.on("error", () => upstream.destroy());
    upstream.on("error", () => client.destroy());
  });
  await new Promise<void>((resolve) => void server.listen(path, resolve));
  return server;
}

/** Why no machine can be made here; null where one can. */
export function missingForMachine(): string | null {
  const missing = [...REAL.split(" "), "aws", "unshare", "mount"].filter((name) => findProgram(name) === null);
  if (missing.length > 0) return `not on the PATH: ${missing.join(", ")}`;
  const probe = spawnSync("unshare", [...namespaces(), "true"], { encoding: "utf8" });
  return probe.status === 0 ? null : `no namespaces: ${probe.stderr.trim()}`;
}

/** Itself, not pyenv's script before it, which takes as long again at each call. */
function findAws(): string | null {
  const { status, stdout } = spawnSync("pyenv", ["which", "aws"], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : findProgram("aws");
}

function namespaces(): readonly string[] {
  const own = ["--net", "--mount", "--pid", "--mount-proc", "--fork", "--kill-child", "--uts", "--ipc"];
  return process.getuid?.() === 0 ? own : ["--user", "--map-root-user", ...own];
}

function runInNamespaces(
  root: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Ran> {
  const inside = fileURLToPath(new URL("./in-namespace.mjs", import.meta.url));
  const child = spawn(findProgram("unshare") ?? "unshare", [...namespaces(), process.execPath, inside, root, ...args], {
    env: {
      PATH: join(root, "bin"),
      ROOT: root,
      IP: findProgram("ip") ?? "ip",
      MOUNT: findProgram("mount") ?? "mount",
      AWS_ENDPOINT_URL: "http://127.0.0.1:4650",
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (bytes: Buffer) => (output += String(bytes)));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code: code ?? -1, console: output }));
  });
}

export function writeProgram(path: string, lines: string): void {
  // It may be a link to a program of this machine.
  rmSync(path, { force: true });
  writeFileSync(path, `#!/bin/bash\n${lines}\n`);
  chmodSync(path, 0o755);
}

export function findProgram(name: string): string | null {
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return join(folder, name);
    } catch {
      // Look on.
    }
  }
  return null;
}
