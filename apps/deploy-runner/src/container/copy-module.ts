import { type ChildProcess, execFile, spawn } from "node:child_process";
import { lstat, realpath, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import type { Assignment } from "@windlass/deployment";
import { requireConfiguration } from "../require-configuration.ts";
import { RunnerError } from "../runner-error.ts";
import type { CliEnd, ContainerCli } from "./container-cli.ts";
import { explainEngine, saysFile, saysPathMissing } from "./engine-problem.ts";
import type { PulledImage } from "./pull-image.ts";

export interface CopySource {
  readonly assignment: Assignment;
  readonly image: PulledImage;
}

export interface Copying extends CopySource {
  /** Gets a folder with the name of the image's working directory. */
  readonly directory: string;
}

/** Brings the image's working directory to the host, with owners and modes, where all steps work in it. */
export async function copyModule(cli: ContainerCli, copying: Copying): Promise<string> {
  const { directory, image } = copying;
  const module = join(directory, basename(image.workingDirectory));
  if (!(await copyFromMount(cli, copying))) await copyFromContainer(cli, copying);
  if (!(await lstat(module)).isDirectory()) throw withoutModule(image);
  await requireConfiguration(module, copying.assignment);
  // A state that some earlier apply could not store is not this one's.
  await rm(join(module, "errored.tfstate"), { force: true });
  return module;
}

/** Removes what the copy was made with, whichever way it was made. */
export async function forgetCopy(cli: ContainerCli, { assignment, image }: CopySource): Promise<void> {
  await Promise.all([
    cli.call(["rm", "--force", "--volumes", copyName(assignment)]),
    ...(cli.program === "podman" ? [cli.call(["image", "unmount", image.id])] : []),
  ]);
}

/**
 * Podman shows an image's files without a container, in a fraction of the time that it takes to copy from one, and its own
 * copy would give all of them to root. False where the files can not be had in this way.
 */
async function copyFromMount(cli: ContainerCli, { directory, image }: Copying): Promise<boolean> {
  if (cli.program !== "podman") return false;
  const mounted = await cli.call(["image", "mount", image.id]);
  const root = mounted.stdout.trim();
  if (mounted.code !== 0 || root === "") return false;
  const source = join(root, image.workingDirectory);
  // Whoever follows a link of the image's comes to files of the host's.
  if ((await realpath(source).catch(() => null)) !== join(await realpath(root), image.workingDirectory)) return false;
  await copyFolder(cli, source, directory);
  return true;
}

async function copyFolder(cli: ContainerCli, source: string, directory: string): Promise<void> {
  const args = ["-dR", "--preserve=mode,ownership,timestamps", "--", source, directory];
  await promisify(execFile)("cp", args).catch((error: Error) => {
    throw explainEngine(cli.program, COPY, { code: 1, stderr: error.message });
  });
}

const COPY = { kind: "other", what: "copy the image's working directory" } as const;

async function copyFromContainer(cli: ContainerCli, { assignment, directory, image }: Copying): Promise<void> {
  const name = copyName(assignment);
  // Never started: any program will do, and an image without an entry point needs one.
  const made = await cli.call(["create", "--pull", "never", "--name", name, "--entrypoint", "none", image.id]);
  if (made.code !== 0 && saysFile(made.stderr)) throw withoutModule(image);
  if (made.code !== 0) throw explainEngine(cli.program, { kind: "other", what: "open the image" }, made);
  const copied = await unpack(cli, `${name}:${image.workingDirectory}`, directory);
  if (copied.code !== 0 && saysPathMissing(copied.stderr)) throw withoutModule(image);
  if (copied.code !== 0) throw explainEngine(cli.program, COPY, copied);
}

type Ended = Pick<CliEnd, "code" | "stderr">;

/** Docker tells owners in an archive only: what it copies to a folder is root's, whatever it is asked for. */
async function unpack(cli: ContainerCli, source: string, directory: string): Promise<Ended> {
  const copying = cli.start(["cp", "--archive", source, "-"], {});
  const keeping = ["--same-owner", "--numeric-owner", "--same-permissions"];
  const unpacking = spawn("tar", ["--extract", ...keeping, "--directory", directory], {
    stdio: ["pipe", "ignore", "pipe"],
  });
  const ends = Promise.all([endOf(copying), endOf(unpacking)]);
  // Where one ends too early, both say so themselves.
  await pipeline(copying.stdout, unpacking.stdin).catch(() => {});
  const [copied, unpacked] = await ends;
  return copied.code === 0 ? unpacked : copied;
}

function endOf(child: ChildProcess): Promise<Ended> {
  let stderr = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ code: 127, stderr: error.message }));
    child.once("close", (code) => resolve({ code: code ?? 1, stderr }));
  });
}

function withoutModule({ workingDirectory }: PulledImage): RunnerError {
  return new RunnerError({
    code: "image-unfit",
    message: "the image has no such working directory, where its Terraform root module would be",
    where: workingDirectory,
    hint: "copy the module there in its Dockerfile",
  });
}

function copyName({ deployment }: Assignment): string {
  return `windlass-${deployment}-copy`;
}
