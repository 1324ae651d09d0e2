import { mkdir, rm, statfs, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Assignment } from "@windlass/deployment";
import { EcrTagDiffError, type EcrTagDiffErrorCode, type ImageAccess } from "@windlass/ecr-tag-diff";
import { dataDirectoryOf } from "../data-directory.ts";
import { RunnerError, type RunnerErrorCode } from "../runner-error.ts";
import type { ContainerCli } from "./container-cli.ts";
import { explainEngine } from "./engine-problem.ts";

/** The part of an image's configuration that running it needs. */
export interface PulledImage {
  /** The engine's own id: what is run, whatever tags point to. */
  readonly id: string;
  readonly workingDirectory: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Where init leaves what the next steps need, within the working directory; null: outside of it. */
  readonly dataDirectory: string | null;
}

export interface PullOptions {
  readonly cli: ContainerCli;
  readonly images: ImageAccess;
  /** Where image references begin, e.g. `111111111111.dkr.ecr.ap-southeast-2.amazonaws.com`. */
  readonly registry: string;
  /** Whether it speaks plain HTTP: only an emulator does. */
  readonly insecure: boolean;
  /** Scratch space for the login, which is removed again. */
  readonly directory: string;
  readonly signal: AbortSignal;
}

/**
 * Pulls an image by its digest, unless it is there already, and makes sure that it is what was asked for and can run
 * here. Throws `RunnerError`: `image-missing`, `login-refused`, `digest-mismatch`, `architecture-mismatch`, `disk-full`,
 * `registry-unreachable`, `image-unfit`, `engine-missing`, `engine-failed`.
 */
export async function pullImage(options: PullOptions, assignment: Assignment): Promise<PulledImage> {
  const reference = `${options.registry}/${assignment.repository}@${assignment.digest}`;
  const image = (await inspect(options, reference)) ?? (await pullAndInspect(options, reference, assignment));
  requireDigest(image, assignment);
  requireArchitecture(image);
  const workingDirectory = requireWorkingDirectory(image);
  const dataDirectory = dataDirectoryOf(image.environment, workingDirectory);
  return { id: image.id, workingDirectory, labels: image.labels, dataDirectory };
}

/** The image's own time limit ends a pull before; this one is for an engine that hears nothing. */
const PULL_LIMIT_MS = 24 * 3_600_000;

async function pullAndInspect(options: PullOptions, reference: string, assignment: Assignment): Promise<Inspected> {
  const { cli, images, directory, signal } = options;
  const found = await images.find(assignment).catch(toRunnerError);
  await requireRoom(directory, found.bytes);
  const { user, password } = await images.login().catch(toRunnerError);
  const login = join(directory, "login");
  await mkdir(login, { recursive: true, mode: 0o700 });
  try {
    // The form that docker and podman share; a command such as `login` would need the token, too.
    const auth = Buffer.from(`${user}:${password}`).toString("base64");
    const host = options.registry.split("/")[0] ?? options.registry;
    await writeFile(join(login, "config.json"), JSON.stringify({ auths: { [host]: { auth } } }), { mode: 0o600 });
    const pulled = await cli.call(pullArguments(options, login, reference), { signal, limitMs: PULL_LIMIT_MS });
    if (pulled.code !== 0) throw explainEngine(cli.program, { kind: "pull", what: "pull the image" }, pulled);
  } finally {
    await rm(login, { recursive: true, force: true });
  }
  const image = await inspect(options, reference);
  if (image !== null) return image;
  throw new RunnerError({ code: "engine-failed", message: "the image is not there after its pull", where: reference });
}

function pullArguments({ cli, insecure }: PullOptions, login: string, reference: string): readonly string[] {
  if (cli.program === "docker") return ["--config", login, "pull", "--quiet", reference];
  const tls = insecure ? ["--tls-verify=false"] : [];
  return ["pull", "--quiet", "--authfile", join(login, "config.json"), ...tls, reference];
}

interface Inspected extends Omit<PulledImage, "dataDirectory"> {
  /** As `NAME=value`. */
  readonly environment: readonly string[];
  readonly digests: readonly string[];
  readonly architecture: string;
}

/** Null where the engine does not have it. */
async function inspect({ cli }: PullOptions, reference: string): Promise<Inspected | null> {
  const { code, stdout } = await cli.call(["image", "inspect", reference]);
  if (code !== 0) return null;
  const [image] = JSON.parse(stdout) as readonly InspectedJson[];
  return {
    id: image?.Id ?? reference,
    digests: image?.RepoDigests ?? [],
    architecture: image?.Architecture ?? "",
    workingDirectory: image?.Config?.WorkingDir ?? "",
    labels: image?.Config?.Labels ?? {},
    environment: image?.Config?.Env ?? [],
  };
}

/** What docker and podman both say of an image. */
interface InspectedJson {
  readonly Id?: string;
  readonly RepoDigests?: readonly string[] | null;
  readonly Architecture?: string;
  readonly Config?: {
    readonly WorkingDir?: string;
    readonly Labels?: Readonly<Record<string, string>> | null;
    readonly Env?: readonly string[] | null;
  };
}

function requireDigest({ digests }: Inspected, { digest }: Assignment): void {
  if (digests.some((found) => found.endsWith(`@${digest}`))) return;
  throw new RunnerError({
    code: "digest-mismatch",
    message: "what was pulled is another image than was decided; nothing was run",
    expected: digest,
    found: digests.join(", ") || "no digest",
    hint: "look at the registry and at what lies between it and the instance",
  });
}

/** Node's names of architectures, in the words of images. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

function requireArchitecture({ architecture }: Inspected): void {
  const expected = ARCHITECTURES[process.arch] ?? process.arch;
  if (architecture === "" || architecture === expected) return;
  throw new RunnerError({
    code: "architecture-mismatch",
    message: "the image is not built for the architecture of the deploy instance",
    expected,
    found: architecture,
    hint: "build it for the instance's architecture, or as an index with both; or choose other instance types",
  });
}

/**
 * It becomes part of a path on the host and of an argument of the engine's, where `..` would lead elsewhere and a colon
 * would begin an option.
 */
const WORKING_DIRECTORY = /^(?:\/(?!\.{1,2}(?:\/|$))[\w.@+=~-]+)+$/;

function requireWorkingDirectory({ workingDirectory }: Inspected): string {
  if (WORKING_DIRECTORY.test(workingDirectory)) return workingDirectory;
  throw new RunnerError({
    code: "image-unfit",
    message: "the image names no working directory that can be used, where its Terraform root module would be",
    expected: "a WORKDIR below /, of letters, digits and . _ @ + = ~ -",
    found: workingDirectory || "none",
    hint: "set such a WORKDIR in its Dockerfile",
  });
}

/** Layers are unpacked beside what is transferred; Terraform's providers come on top. */
const UNPACKED_FACTOR = 3;
const SPARE_BYTES = 256 * 1_048_576;

/** Before the pull, since a disk that fills up on the way takes the instance's own programs down with it. */
async function requireRoom(directory: string, layerBytes: number | null): Promise<void> {
  const { bavail, bsize } = await statfs(directory);
  const needed = (layerBytes ?? 0) * UNPACKED_FACTOR + SPARE_BYTES;
  if (bavail * bsize >= needed) return;
  const megabytes = (bytes: number) => `${Math.ceil(bytes / 1_048_576)} MB`;
  throw new RunnerError({
    code: "disk-full",
    message: "the disk of the deploy instance has too little room for the image",
    where: directory,
    expected: `${megabytes(needed)} free`,
    found: megabytes(bavail * bsize),
    hint: "make the volume of the deploy instances larger, or the image smaller",
  });
}

const CODES: Readonly<Partial<Record<EcrTagDiffErrorCode, RunnerErrorCode>>> = {
  "access-denied": "login-refused",
  "credentials-refused": "login-refused",
  "repository-missing": "image-missing",
  "image-missing": "image-missing",
  "image-archived": "image-missing",
  "image-inaccessible": "image-missing",
  "digest-mismatch": "digest-mismatch",
  throttled: "registry-unreachable",
  "registry-unavailable": "registry-unreachable",
  "registry-unreachable": "registry-unreachable",
  aborted: "stopped",
};

function toRunnerError(error: unknown): never {
  if (!(error instanceof EcrTagDiffError)) throw error;
  const { message, expected, found, where, hint } = error;
  const code = CODES[error.code] ?? "engine-failed";
  const retryable = code === "registry-unreachable";
  throw new RunnerError({ code, message, expected, found, where, hint, retryable, cause: error });
}
