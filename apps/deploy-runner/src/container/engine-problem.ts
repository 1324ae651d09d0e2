import { DISK_FULL, DISK_FULL_HINT } from "../disk-full.ts";
import { RunnerError, type RunnerErrorCode } from "../runner-error.ts";
import type { CliEnd, ContainerProgram } from "./container-cli.ts";

/** What an engine was asked for. The same words mean something else in a pull than in a start. */
export interface EngineDoing {
  readonly kind: "pull" | "start" | "other";
  /** The rest of a sentence that begins with "could not". */
  readonly what: string;
}

interface Problem {
  readonly code: RunnerErrorCode;
  /** Where these words mean this; everywhere when not given. */
  readonly during?: EngineDoing["kind"];
  /** What docker and podman, and what registries and kernels tell through them, say in this case. */
  readonly says: RegExp;
  readonly message: string;
  readonly hint: string;
  /** The world may be better the next time; nothing is wrong with the image. */
  readonly retryable?: boolean;
}

const OTHER_ARCHITECTURE = {
  code: "architecture-mismatch",
  message: "the image is not built for the architecture of the deploy instance",
  hint: "build it for the instance's architecture, or as an index with both",
} as const;

/**
 * Container engines have no codes for what goes wrong, only words: they are read here and nowhere else. The order matters:
 * a full disk is told together with the connection that it broke off. Statuses of HTTP count with their own words only: a
 * repository's name may have such a number in it.
 */
const PROBLEMS: readonly Problem[] = [
  {
    code: "disk-full",
    says: DISK_FULL,
    message: "the disk of the deploy instance is full",
    hint: DISK_FULL_HINT,
  },
  {
    code: "engine-missing",
    says: /cannot connect to the docker daemon|is the docker daemon running|cannot connect to podman|unable to connect to podman/i,
    message: "the container engine does not run",
    hint: "look at the engine's own log on the instance; the boot script starts it",
    retryable: true,
  },
  { ...OTHER_ARCHITECTURE, during: "start", says: /exec format error/i },
  {
    ...OTHER_ARCHITECTURE,
    during: "pull",
    says: /no matching manifest|no image found in (?:manifest list|image index)|does not match the (?:detected host|specified) platform/i,
  },
  {
    code: "digest-mismatch",
    during: "pull",
    says: /digest mismatch|does not match (?:the |provided manifest )?digest|did(?: not|n't) match|manifest verification failed|failed digest verification|verification failed for digest|failed commit on ref|gzip: invalid|flate: corrupt/i,
    message: "what came from the registry is not what its digest says",
    hint: "nothing was run; look at the registry and at what lies between it and the instance",
  },
  {
    code: "login-refused",
    during: "pull",
    says: /unauthorized|authentication required|no basic auth credentials|(?<!permission )denied|\b403 \(?forbidden/i,
    message: "the registry refuses the deploy instance",
    hint: "the repository's policy and the instance role must both allow BatchGetImage, GetDownloadUrlForLayer and BatchCheckLayerAvailability",
  },
  {
    code: "image-missing",
    during: "pull",
    says: /manifest unknown|name unknown|blob unknown|repository .*does not exist|manifest for .*not found|\b404 \(?not found/i,
    message: "the registry does not have this digest, or not all of its layers",
    hint: "a lifecycle rule may have expired it: push and release it again",
  },
  {
    code: "registry-unreachable",
    during: "pull",
    says: /dial tcp|connection refused|connection reset|i\/o timeout|no such host|network is unreachable|no route to host|tls handshake|\beof\b|timed? ?out|deadline exceeded|too ?many ?requests|\b50[0234] \(?(?:internal|bad|service|gateway)/i,
    message: "the registry can not be reached",
    hint: "look at the subnet's route, its security group and its endpoints for ecr.api, ecr.dkr and s3",
    retryable: true,
  },
];

/** The longest part of an engine's words that is quoted. */
const QUOTE_LIMIT = 1_000;

/** What a failed command of the engine means. */
export function explainEngine(
  program: ContainerProgram,
  { kind, what }: EngineDoing,
  end: Pick<CliEnd, "code" | "stderr">,
): RunnerError {
  const found = quote(end.stderr);
  const known = PROBLEMS.find(({ during = kind, says }) => during === kind && says.test(end.stderr));
  if (known === undefined) {
    const message = `${program} could not ${what} (exit code ${end.code})`;
    return new RunnerError({ code: "engine-failed", message, found, hint: "see the runner's own log" });
  }
  const { code, message, hint, retryable = false } = known;
  return new RunnerError({ code, message, where: what, found, hint, retryable });
}

/** The words for a path that is not in the image. */
const PATH_MISSING = /no such file or directory|could not find the file/i;

export function saysPathMissing(stderr: string): boolean {
  return PATH_MISSING.test(stderr);
}

/**
 * Whether the engine says that the image does not have this program, or not what the program needs to run. Much else is
 * missing in the same words, such as a device or a folder of the host's: so they must name the program. Null: the image's own
 * entry point, whatever its name.
 */
export function saysProgramMissing(stderr: string, program: string | null): boolean {
  const name = program === null ? "[^\"'`\\n]+" : `(?:[^"'\`\\s]*/)?${program}`;
  return [
    // runc, and Docker with it: exec: "tofu": executable file not found in $PATH
    `exec: "${name}": [^\\n]*(?:not found|no such file or directory)`,
    // crun: executable file `tofu` not found in $PATH
    `executable file ["'\`]${name}["'\`] not found`,
    // The runtime within the container, of an interpreter or a library; older ones do not name the program.
    `\\bexec (?:${name}|user process caused): no such file or directory`,
  ].some((pattern) => new RegExp(pattern, "i").test(stderr));
}

/** Docker's words for a working directory that is a file: it makes those that are missing. */
export function saysFile(stderr: string): boolean {
  return /cannot mkdir: .* is not a directory/i.test(stderr);
}

/**
 * What the runtime says inside a container that has begun, when the kernel refuses the program itself: nothing else is
 * said then. Null where there is more, which is the program's own.
 */
export function execRefusal(stderr: string): string | null {
  const match =
    /^(?:standard_init_linux\.go:\d+: )?exec [^\n]*: (exec format error|no such file or directory)\s*$/.exec(stderr);
  return match?.[1] ?? null;
}

/** The end of it: engines tell the cause last. */
function quote(stderr: string): string {
  const text = stderr.trim();
  return text.length <= QUOTE_LIMIT ? text : `...${text.slice(-QUOTE_LIMIT)}`;
}
