import { RunnerError } from "./runner-error.ts";

/** A full disk as kernels, and programs that quote them, tell it, each in its own spelling. */
export const DISK_FULL = /no space left on device|disk quota exceeded/i;

export const DISK_FULL_HINT =
  "make the volume of the deploy instances larger, or the image, its providers and what it writes smaller";

/** What the runner's own files met, where that was a full disk: it is no defect of the runner. Null: it was not. */
export function diskFullOf(error: unknown): RunnerError | null {
  if (!(error instanceof Error) || !("code" in error)) return null;
  if (error.code !== "ENOSPC" && error.code !== "EDQUOT") return null;
  return new RunnerError({
    code: "disk-full",
    message: "the disk of the deploy instance is full",
    found: error.message,
    hint: DISK_FULL_HINT,
    cause: error,
  });
}
