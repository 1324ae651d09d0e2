import { RunnerError, type RunnerErrorCode } from "../runner-error.ts";
import type { CliEnd, ContainerProgram } from "./container-cli.ts";

interface Problem {
  readonly code: RunnerErrorCode;
  /** What docker and podman, and what registries and kernels tell through them, say in this case. */
  readonly says: RegExp;
  readonly message: string;
  readonly hint: string;
  /** The world may be better the next time; nothing is wrong with the image. */
  readonly retryable?: boolean;
}

/**
 * Container engines have no codes for what goes wrong, only words: they are read here and nowhere else. The order matters:
 * a full disk is told together with the connection that it broke off.
 */
const PROBLEMS: readonly Problem[] = [
  {
    code: "disk-full",
    says: /no space left on device|disk quota exceeded/i,
    message: "the disk of the deploy instance is full",
    hint: "make the volume of the deploy instances larger, or the image smaller",
  },
  {
    code: "architecture-mismatch",
    says: /no matching manifest|no image found in (?:manifest list|image index)|exec format error|does not match the detected host platform/i,
    message: "the image is not built for the architecture of the deploy instance",
    hint: "build it for the instance's architecture, or as an index with both",
  },
  {
    code: "digest-mismatch",
    says: /digest mismatch|does not match (?:the )?digest|did not match (?:the )?(?:expected )?(?:digest|checksum)|manifest verification failed|digest did not match/i,
    message: "what came from the registry is not what its digest says",
    hint: "nothing was run; look at the registry and at what lies between it and the instance",
  },
  {
    code: "login-refused",
    says: /unauthorized|authentication required|no basic auth credentials|denied|\b40[13]\b/i,
    message: "the registry refuses the deploy instance",
    hint: "the repository's policy and the instance role must both allow BatchGetImage, GetDownloadUrlForLayer and BatchCheckLayerAvailability",
  },
  {
    code: "image-missing",
    says: /manifest unknown|name unknown|repository .*does not exist|not found|\b404\b/i,
    message: "the registry does not have this digest, or not all of its layers",
    hint: "a lifecycle rule may have expired it: push and release it again",
  },
  {
    code: "engine-missing",
    says: /cannot connect to the docker daemon|is the docker daemon running|unable to connect to podman/i,
    message: "the container engine does not run",
    hint: "look at the engine's own log on the instance; the boot script starts it",
    retryable: true,
  },
  {
    code: "registry-unreachable",
    says: /dial tcp|connection refused|connection reset|i\/o timeout|no such host|network is unreachable|no route to host|tls handshake|unexpected eof|timed? ?out|too many requests|toomanyrequests|\b(?:429|50[0234])\b/i,
    message: "the registry can not be reached",
    hint: "look at the subnet's route, its security group and its endpoints for ecr.api, ecr.dkr and s3",
    retryable: true,
  },
];

/** The longest part of an engine's words that is quoted. */
const QUOTE_LIMIT = 1_000;

/** What a failed command of the engine means. `what`: what was being done, as in "could not <what>". */
export function explainEngine(
  program: ContainerProgram,
  what: string,
  end: Pick<CliEnd, "code" | "stderr">,
): RunnerError {
  const found = quote(end.stderr);
  const known = PROBLEMS.find(({ says }) => says.test(end.stderr));
  if (known === undefined) {
    const message = `${program} could not ${what} (exit code ${end.code})`;
    return new RunnerError({ code: "engine-failed", message, found, hint: "see the runner's own log" });
  }
  const { code, message, hint, retryable = false } = known;
  return new RunnerError({ code, message, where: what, found, hint, retryable });
}

/** The end of it: engines tell the cause last. */
function quote(stderr: string): string {
  const text = stderr.trim();
  return text.length <= QUOTE_LIMIT ? text : `...${text.slice(-QUOTE_LIMIT)}`;
}
