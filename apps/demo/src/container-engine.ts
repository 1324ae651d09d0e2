import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { WindlassError } from "@windlass/windlass-error";
import { moduleLayer, programLayer } from "./container-layers.ts";
import type { DemoEngine, EngineOptions } from "./engine.ts";
import { findProgram } from "./find-program.ts";
import { APPLY_ROLE } from "./names.ts";

export type ContainerProgram = "podman" | "docker";

/** The address that SDKs in containers know; on the loopback interface the machine's own containers reach it. */
const HOST = "169.254.170.2";
const NEEDED = ["ip", "iptables", "tar"];

/** Terraform runs in containers of real images, which the runners pull from the sandbox's registry. */
export function openContainerEngine(options: EngineOptions, program: ContainerProgram): DemoEngine {
  const { terraform, folder } = options;
  requireAll(options, program);
  const environment = { ...inherited(options), ...(program === "podman" ? privateStorage(folder) : {}) };
  const call = (...args: readonly string[]) =>
    execFileSync(program, [...args], { env: environment, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  execFileSync("ip", ["address", "replace", `${HOST}/32`, "dev", "lo"]);
  const programs = programLayer(terraform.path);
  const queue = createQueue();
  return {
    kind: program,
    description: `Terraform: ${basename(terraform.path)} in containers of ${program}, pulled from the pipeline account's registry`,
    terraform: "real",
    host: HOST,
    contentOf: (content) => ({
      layers: [programs, moduleLayer(content)],
      runtime: { WorkingDir: "/module", Env: ["PATH=/bin"] },
      config: { architecture: process.arch === "x64" ? "amd64" : process.arch },
    }),
    async shelve() {},
    environmentFor: (account) => ({
      ...environment,
      WINDLASS_ENGINE: program,
      WINDLASS_APPLY_ROLE: `arn:aws:iam::${account}:role/${APPLY_ROLE}`,
    }),
    admit: queue.admit,
    destroy: (deployment) => removeContainers(call, `windlass-${deployment}-`),
    async close() {
      removeContainers(call, "windlass-");
      // The images of the demo's registry, which is gone; in a private storage there are no others.
      if (program === "docker") return removeImages(call);
      // A runner that was killed has left its image mounted, which would keep the storage's folder from being removed.
      call("image", "unmount", "--all", "--force");
      call("rmi", "--all", "--force");
    },
  };
}

type Call = (...args: readonly string[]) => string;

function removeContainers(call: Call, name: string): void {
  const ids = linesOf(call("ps", "--all", "--quiet", "--filter", `name=${name}`));
  if (ids.length > 0) call("rm", "--force", ...ids);
}

function removeImages(call: Call): void {
  const images = linesOf(call("images", "--digests", "--format", "{{.Repository}} {{.ID}}"));
  const ours = images.filter((line) => line.startsWith(`${HOST}:`)).map((line) => line.split(" ")[1] ?? "");
  if (ours.length > 0) call("rmi", "--force", ...new Set(ours));
}

function linesOf(text: string): readonly string[] {
  return text.split("\n").filter((line) => line !== "");
}

/** A machine has one address for credentials, so one instance at a time runs on it; the others take longer to boot. */
function createQueue(): { admit(): Promise<() => void> } {
  let last: Promise<void> = Promise.resolve();
  return {
    async admit() {
      const before = last;
      let end = () => {};
      last = new Promise((resolve) => {
        end = resolve;
      });
      await before;
      return end;
    },
  };
}

/** The demo's images must not mix with those of whoever runs it. */
function privateStorage(folder: string): Readonly<Record<string, string>> {
  const file = join(folder, "storage.conf");
  const roots = `runroot = "${join(folder, "containers", "run")}"\ngraphroot = "${join(folder, "containers", "graph")}"`;
  mkdirSync(join(folder, "containers"), { recursive: true });
  writeFileSync(file, `[storage]\ndriver = "overlay"\n${roots}\n`);
  return { CONTAINERS_STORAGE_CONF: file };
}

/** What configures the engine, such as the runtime of a machine that needs another one. */
function inherited({ environment, searchPath, folder }: EngineOptions): Readonly<Record<string, string>> {
  const names = ["CONTAINERS_CONF", "DOCKER_HOST", "XDG_RUNTIME_DIR"];
  const kept = names.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]]));
  return { PATH: searchPath, HOME: folder, ...Object.fromEntries(kept) };
}

function requireAll({ searchPath, terraform }: EngineOptions, program: ContainerProgram): void {
  if (process.platform !== "linux") throw unusable(program, "containers need Linux", process.platform);
  if (process.getuid?.() !== 0) throw unusable(program, "containers need root", "another user");
  const missing = [program, ...NEEDED].filter((name) => findProgram(name, searchPath) === null);
  if (terraform.kind !== "real") missing.push("terraform or tofu");
  if (missing.length > 0)
    throw unusable(program, "not all that is needed is on the PATH", `no ${missing.join(", no ")}`);
}

function unusable(program: ContainerProgram, message: string, found: string): WindlassError<"engine-unusable"> {
  return new WindlassError({
    code: "engine-unusable",
    message: `--engine ${program}: ${message}`,
    found,
    hint: "leave --engine out: then Terraform runs in folders, and needs none of this",
  });
}
