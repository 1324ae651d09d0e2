import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { CONTAINER_HOST, type ContainerProgram, containersConf, startDocker, takeTurn } from "@windlass/containers";
import type { EcrRegistry, Sandbox } from "@windlass/sandbox";
import { findProgram } from "./find-program.ts";
import { openProcessWorld, type ProcessWorld } from "./process-world.ts";
import { ACCOUNT, APPLY_ROLE_NAME, REGION } from "./records.ts";

/** A sandbox that containers reach, with a registry to put images into, and runners that use a container engine. */
export interface ContainerWorld extends ProcessWorld {
  /** Pushes an image with these files in its working directory, and gives its digest. */
  pushImage(files: Readonly<Record<string, string>>, options?: TestImage): string;
  /** Another repository that the area may read. */
  addRepository(name: string): void;
  /** Builds an image with Terraform and a shell in it for others to begin from, and gives its name. */
  buildBase(): string;
  /** What the engine's program needs in its environment to work with the storage of this world. */
  readonly engineEnvironment: Readonly<Record<string, string>>;
  /** The engine's program, with the storage of this world. This process does nothing meanwhile. */
  engine(...args: readonly string[]): string;
}

export interface TestImage {
  /** Further members of the image's configuration, e.g. its entry point. */
  readonly runtime?: Readonly<Record<string, unknown>>;
  readonly labels?: Readonly<Record<string, string>>;
  /** The name that Terraform has in the image; null: it has none. */
  readonly program?: "terraform" | "tofu" | null;
  readonly architecture?: string;
  /** Laid over all others. */
  readonly layers?: readonly Uint8Array[];
}

export const PIPELINE = "111111111111";
export const REPOSITORY = "dga-network";
export const APPLY_ROLE = `arn:aws:iam::${ACCOUNT}:role/${APPLY_ROLE_NAME}`;

export async function openContainerWorld(program: ContainerProgram = "podman"): Promise<ContainerWorld> {
  const giveUpTurn = await takeTurn();
  const folder = await mkdtemp(join(tmpdir(), "windlass-containers-"));
  const { environment, stop } = await openEngine(program, folder);
  const world = await openProcessWorld({
    host: CONTAINER_HOST,
    environment: { ...environment, WINDLASS_ENGINE: program, WINDLASS_APPLY_ROLE: APPLY_ROLE },
  });
  const registry = registryOf(world.sandbox);
  const addRepository = (name: string) => {
    registry.createRepository(name);
    registry.setPolicy(name, readPolicy());
  };
  addRepository(REPOSITORY);
  const engine = (...args: readonly string[]) =>
    execFileSync(program, [...args], { env: { ...process.env, ...environment }, encoding: "utf8" });
  return {
    ...world,
    addRepository,
    engine,
    engineEnvironment: environment,
    buildBase: () => inFolder((base) => buildBase(base, engine)),
    pushImage: (files, options = {}) =>
      registry.pushImage({
        repository: REPOSITORY,
        layers: [programLayer(options.program), moduleLayer(files), ...(options.layers ?? [])],
        labels: options.labels ?? {},
        config: { architecture: options.architecture ?? goArchitecture() },
        runtime: { WorkingDir: "/module", Env: ["PATH=/bin"], ...options.runtime },
      }),
    async close() {
      await world.close();
      await stop();
      await rm(folder, { recursive: true, force: true });
      await giveUpTurn();
    },
  };
}

interface OpenedEngine {
  readonly environment: Readonly<Record<string, string>>;
  /** Removes what is left in it, so that its folder can be. */
  stop(): Promise<void>;
}

async function openEngine(program: ContainerProgram, folder: string): Promise<OpenedEngine> {
  if (program === "docker") return await startDocker(folder);
  const environment = await podmanEnvironment(folder);
  const podman = (...args: readonly string[]) =>
    execFileSync("podman", [...args], { env: { ...process.env, ...environment }, stdio: "ignore" });
  return {
    environment,
    async stop() {
      podman("rm", "--all", "--force");
      podman("image", "unmount", "--all", "--force");
      podman("rmi", "--all", "--force");
    },
  };
}

export async function podmanEnvironment(folder: string): Promise<Readonly<Record<string, string>>> {
  const conf = join(folder, "containers.conf");
  const storage = join(folder, "storage.conf");
  await writeFile(conf, containersConf(join(folder, "networks")));
  const driver = 'driver = "overlay"';
  await writeFile(
    storage,
    `[storage]\n${driver}\nrunroot = "${join(folder, "run")}"\ngraphroot = "${join(folder, "graph")}"\n`,
  );
  return { CONTAINERS_CONF: conf, CONTAINERS_STORAGE_CONF: storage };
}

/** What has podman of this world take one more line in the section of its containers. */
export async function podmanWith(world: ContainerWorld, line: string): Promise<Readonly<Record<string, string>>> {
  const usual = await readFile(world.engineEnvironment["CONTAINERS_CONF"] ?? "", "utf8");
  const conf = join(await mkdtemp(join(world.root, "conf-")), "containers.conf");
  await writeFile(conf, usual.replace("[containers]\n", `[containers]\n${line}\n`));
  return { CONTAINERS_CONF: conf };
}

export function registryOf(sandbox: Sandbox): EcrRegistry {
  return sandbox.account(PIPELINE).ecr(REGION);
}

/** What the pipeline account's templates give an area's account. */
export function readPolicy(): object {
  const actions = [
    "ecr:BatchGetImage",
    "ecr:DescribeImages",
    "ecr:GetDownloadUrlForLayer",
    "ecr:BatchCheckLayerAvailability",
  ];
  const statement = { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: actions };
  return { Version: "2012-10-17", Statement: [statement] };
}

const BASE = "localhost/iac-base";

/** Begins like `hashicorp/terraform`, which can not be fetched here. */
function buildBase(folder: string, engine: ContainerWorld["engine"]): string {
  fillWithPrograms(folder, "terraform");
  const lines = ["FROM scratch", "COPY bin /bin", "COPY tmp /tmp", "ENV PATH=/bin", 'ENTRYPOINT ["/bin/terraform"]'];
  writeFileSync(join(folder, "Dockerfile"), `${lines.join("\n")}\n`);
  engine("build", "--quiet", "--tag", BASE, folder);
  return BASE;
}

const layers = new Map<string, Uint8Array>();

/** Terraform and a shell, compressed once: the same layer is pulled once. */
export function programLayer(program: TestImage["program"] = "terraform"): Uint8Array {
  const key = String(program);
  const made = layers.get(key) ?? makeProgramLayer(program);
  layers.set(key, made);
  return made;
}

function makeProgramLayer(program: "terraform" | "tofu" | null): Uint8Array {
  return inFolder((folder) => {
    fillWithPrograms(folder, program);
    return gzipSync(tarOf(folder), { level: 1 });
  });
}

function fillWithPrograms(folder: string, program: "terraform" | "tofu" | null): void {
  mkdirSync(join(folder, "bin"));
  mkdirSync(join(folder, "tmp"));
  const shell = findProgram("busybox") ?? "busybox";
  copyFileSync(shell, join(folder, "bin", "busybox"));
  for (const name of ["sh", "sleep", "cat", "env", "id", "cp", "ls"]) symlinkSync("busybox", join(folder, "bin", name));
  if (program !== null)
    copyFileSync(findProgram("terraform") ?? findProgram("tofu") ?? "", join(folder, "bin", program));
}

export function moduleLayer(files: Readonly<Record<string, string>>): Uint8Array {
  return fileLayer(Object.fromEntries(Object.entries(files).map(([name, text]) => [`module/${name}`, text])));
}

/** A layer with these files, by their paths in the image, and of this owner. Scripts and programs can be run. */
export function fileLayer(files: Readonly<Record<string, string | Uint8Array>>, owner = 0): Uint8Array {
  return inFolder((folder) => {
    mkdirSync(join(folder, "module"));
    for (const [name, content] of Object.entries(files)) {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content, { mode: isProgram(name, content) ? 0o755 : 0o644 });
    }
    return gzipSync(tarOf(folder, owner), { level: 1 });
  });
}

/** A layer with a symbolic link in it. */
export function linkLayer(name: string, target: string): Uint8Array {
  return inFolder((folder) => {
    symlinkSync(target, join(folder, name));
    return gzipSync(tarOf(folder), { level: 1 });
  });
}

function isProgram(name: string, content: string | Uint8Array): boolean {
  return /^(?:usr\/)?(?:bin|lib\w*)\//.test(name) || (typeof content === "string" && content.startsWith("#!"));
}

function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "windlass-layer-"));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function tarOf(folder: string, owner = 0): Uint8Array {
  const file = `${folder}.tar`;
  execFileSync("tar", [`--owner=${owner}`, `--group=${owner}`, "--numeric-owner", "-C", folder, "-cf", file, "."]);
  const tar = readFileSync(file);
  rmSync(file);
  return tar;
}

export function goArchitecture(): string {
  return process.arch === "x64" ? "amd64" : process.arch;
}
