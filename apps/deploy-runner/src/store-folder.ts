import { LedgerStoreError, type StoreState } from "@windlass/ledger-store";
import { describeError } from "@windlass/windlass-error";
import type { LeftState } from "./module-states.ts";
import type { Run } from "./ports.ts";
import { retry } from "./retry.ts";
import type { StepContext } from "./run-step.ts";
import { RunnerError } from "./runner-error.ts";
import { saveStore } from "./save-store.ts";
import { isWholeState } from "./state-file.ts";
import {
  isStateFile,
  type KeptFile,
  STATE_FILE,
  STORE_FOLDER,
  type StoreEnd,
  type StoreProblem,
  sha256,
} from "./store-files.ts";

/** What was brought back before the first step. */
export interface StoreFolder {
  /**
   * Brings what the steps have left in the folder into the bucket, whatever has happened to them. Returns what keeps a
   * state from being there; null where there is nothing to say. `outside`: what they have left beside the folder.
   */
  save(end: StoreEnd, outside: readonly LeftState[]): Promise<StoreProblem | null>;
  /** Whether there was a state. Only a success of `save` replaces it. */
  readonly restored: boolean;
}

type Restoring = Pick<StepContext, "run" | "assignment" | "workspace" | "record">;

/**
 * Brings the state of the deployment before back into the working directory. Throws `RunnerError` `state-missing` where
 * there should be one and is none, and `state-unreadable` where there is no whole one: to begin with an empty state would
 * create everything a second time.
 */
export async function restoreStore({ run, assignment, workspace, record }: Restoring): Promise<StoreFolder> {
  const { image, expectsState } = assignment;
  const state = run.openState(assignment);
  const kept = await readKept(run, state, image);
  const states = [...kept.keys()].filter(isStateFile);
  if (expectsState && states.length === 0) throw stateMissing(run, image);
  const cut = states.find((file) => !isWholeState(kept.get(file)?.content ?? new Uint8Array()));
  if (cut !== undefined) throw stateCut(run, image, cut);
  // What lies there in the image is somebody's leftover.
  await workspace.clearFolder(STORE_FOLDER);
  for (const [file, { content }] of kept) await workspace.writeFile(`${STORE_FOLDER}/${file}`, content);
  run.log.info({ files: kept.size }, "state restored");
  return {
    restored: states.length > 0,
    save: (end, outside) => saveStore(run, { state, image, workspace, record, kept, end, outside }),
  };
}

async function readKept(run: Run, state: StoreState, image: string): Promise<Map<string, KeptFile>> {
  const { timings, stop } = run.settings;
  const options = { what: "read the state", seconds: timings.startUp, permanent: isPermanent, signal: stop.signal };
  try {
    return await retry(run, options, () => readFiles(state, image));
  } catch (error) {
    if (error instanceof RunnerError) throw error;
    throw new RunnerError({
      code: "state-unreadable",
      message: "the state could not be read from the bucket; nothing was run",
      where: whereIs(run, image, ""),
      found: describeError(error),
      hint: "the apply role must be allowed s3:ListBucket and s3:GetObject there, and keys must be plain file names",
      retryable: !isPermanent(error),
      cause: error,
    });
  }
}

async function readFiles(state: StoreState, image: string): Promise<Map<string, KeptFile>> {
  const found = new Map<string, KeptFile>();
  for (const file of await state.list(image)) {
    const there = await state.read(image, file);
    // Listed a moment ago: whatever this is, it is no first deployment.
    if (there === null) throw new Error(`${file} is listed, but not there`);
    found.set(file, { ...there, sha256: sha256(there.content) });
  }
  return found;
}

/** What is in the bucket can not be restored, however often it is read. */
function isPermanent(error: unknown): boolean {
  return error instanceof LedgerStoreError && (error.code === "argument-invalid" || error.code === "too-many");
}

function whereIs({ settings }: Run, image: string, file: string): string {
  return `s3://${settings.stateBucket}/state/${image}/${STORE_FOLDER}/${file}`;
}

const BRING_BACK = "the bucket is versioned: bring the object's last good version back, then retry";

function stateMissing(run: Run, image: string): RunnerError {
  return new RunnerError({
    code: "state-missing",
    message: "the state of an earlier deployment is not in the bucket; nothing was run",
    where: whereIs(run, image, STATE_FILE),
    expected: "the state that the deployment before has left",
    found: "none",
    hint: BRING_BACK,
  });
}

function stateCut(run: Run, image: string, file: string): RunnerError {
  return new RunnerError({
    code: "state-unreadable",
    message: "the state in the bucket is not a whole one; nothing was run",
    where: whereIs(run, image, file),
    expected: "a state of Terraform or OpenTofu, with serial and lineage",
    found: "something else, or a part of one",
    hint: BRING_BACK,
  });
}
