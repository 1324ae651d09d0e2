import { constants } from "node:fs";
import { access, cp, mkdir, rm, stat } from "node:fs/promises";
import { basename, delimiter, join } from "node:path";
import type { Assignment, ImageDigest } from "@windlass/deployment";
import type { Engine, Workspace } from "./engine.ts";
import { requireConfiguration } from "./require-configuration.ts";
import { RunnerError } from "./runner-error.ts";
import { startTerraform } from "./terraform-process.ts";
import { openVolume } from "./volume.ts";

export interface DirectoryEngineOptions {
  /** `<modules>/<64 hexadecimal digits of a digest>/` holds that digest's module. */
  readonly modules: string;
  /**
   * Whether `<modules>/default/` may stand in for any other digest. Then nobody knows what ran: only for trying things
   * out.
   */
  readonly allowDefault: boolean;
  /** Scratch space; each deployment gets a folder of its own in it. */
  readonly workDirectory: string;
  /** Path of `terraform` or `tofu`; null: whichever the PATH has first. */
  readonly program: string | null;
  /** What Terraform inherits. */
  readonly environment: Readonly<Record<string, string>>;
}

const PROGRAMS = ["terraform", "tofu"];

/** Runs Terraform on this machine, on a copy of a module that lies in a directory. */
export function createDirectoryEngine(options: DirectoryEngineOptions): Engine {
  return {
    async prepare(assignment) {
      const source = await findModule(options, assignment);
      const program = options.program ?? (await findProgram(options.environment["PATH"] ?? ""));
      if (!(await isProgram(program))) throw terraformMissing(program);
      const directory = join(options.workDirectory, assignment.deployment);
      await copyModule(source.directory, directory);
      await requireConfiguration(directory, assignment);
      return openWorkspace({ digest: source.digest, directory, program, environment: options.environment });
    },
  };
}

interface FoundModule {
  readonly directory: string;
  readonly digest: ImageDigest;
}

/** A directory that is named by a digest vouches for it; the default directory is whatever it is asked to be. */
async function findModule(
  { modules, allowDefault }: Pick<DirectoryEngineOptions, "modules" | "allowDefault">,
  { digest }: Assignment,
): Promise<FoundModule> {
  const own = digest.replace("sha256:", "");
  const names = allowDefault ? [own, "default"] : [own];
  for (const name of names) {
    const directory = join(modules, name);
    if (await isDirectory(directory)) return { directory, digest };
  }
  throw new RunnerError({
    code: "module-missing",
    message: "there is no Terraform module for this digest",
    expected: `a directory ${names.map((name) => `"${name}"`).join(" or ")}`,
    where: modules,
    found: "none",
    hint: "put the module there; for trying things out, WINDLASS_ALLOW_DEFAULT_MODULE=1 lets <modules>/default/ stand in",
  });
}

async function copyModule(source: string, directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  // A state that some earlier apply could not store is not this one's.
  await cp(source, directory, { recursive: true, filter: (path) => basename(path) !== "errored.tfstate" });
}

interface WorkspaceOptions extends FoundModule {
  readonly program: string;
  readonly environment: Readonly<Record<string, string>>;
}

function openWorkspace({ digest, directory, program, environment }: WorkspaceOptions): Workspace {
  const volume = openVolume(directory);
  return {
    digest,
    writeFile: volume.write,
    readFile: volume.read,
    listFiles: volume.list,
    findFiles: volume.find,
    clearFolder: volume.clear,
    start(command) {
      if (command.program === "terraform") return startTerraform({ program, directory, environment }, command);
      const problem = "a module in a directory has no entry point of its own";
      return { exit: Promise.resolve({ kind: "not-started", problem }), interrupt() {}, kill() {} };
    },
    dispose: () => rm(directory, { recursive: true, force: true }),
  };
}

async function findProgram(path: string): Promise<string> {
  const folders = path.split(delimiter).filter((folder) => folder !== "");
  for (const name of PROGRAMS) {
    for (const folder of folders) {
      const candidate = join(folder, name);
      if (await isProgram(candidate)) return candidate;
    }
  }
  throw terraformMissing(null);
}

function terraformMissing(path: string | null): RunnerError {
  return new RunnerError({
    code: "terraform-missing",
    message: path === null ? "neither terraform nor tofu is on the PATH" : "there is no program at this path",
    where: path ?? undefined,
    hint: "install Terraform or OpenTofu 1.10 or newer, or set WINDLASS_TERRAFORM to its path",
  });
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

async function isDirectory(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}
