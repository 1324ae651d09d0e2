import { createHash } from "node:crypto";
import type { StoreState } from "@windlass/ledger-store";
import { describeError } from "@windlass/windlass-error";
import type { Workspace } from "./engine.ts";
import type { Run } from "./ports.ts";
import { retry } from "./retry.ts";
import type { StepContext } from "./run-step.ts";
import { RunnerError } from "./runner-error.ts";
import { compareStates } from "./state-file.ts";

/** The working directory's folder that is the state, with `state: store`. */
export const STORE_FOLDER = "store";
/** Terraform's local backend keeps it there; other files of the folder are kept as they are. */
export const STATE_FILE = "terraform.tfstate";

/** What was brought back before the first step. */
export interface StoreFolder {
  /**
   * Brings what the steps have left in the folder into the bucket, whatever has happened to them. Returns what keeps it
   * from being a sound state there; null where there is nothing to say. `succeeded`: there has to be one.
   */
  save(succeeded: boolean): Promise<string | null>;
}

interface Kept {
  readonly etag: string;
  readonly sha256: string;
  readonly content: Uint8Array;
}

/**
 * Brings the state of the deployment before back into the working directory. Throws `RunnerError` `state-missing` where
 * there should be one and is none: to begin with an empty state would create everything a second time.
 */
export async function restoreStore({ run, assignment, workspace }: StepContext): Promise<StoreFolder> {
  const { image, expectsState } = assignment;
  const state = run.openState(assignment);
  const kept = await readKept(run, state, image);
  if (expectsState && !kept.has(STATE_FILE)) throw stateMissing(run, image);
  // What lies there in the image is somebody's leftover.
  await workspace.clearFolder(STORE_FOLDER);
  for (const [file, { content }] of kept) await workspace.writeFile(`${STORE_FOLDER}/${file}`, content);
  run.log.info({ files: kept.size }, "state restored");
  return { save: (succeeded) => save(run, { state, image, workspace, kept, succeeded }) };
}

async function readKept(run: Run, state: StoreState, image: string): Promise<Map<string, Kept>> {
  const options = { what: "read the state", seconds: run.settings.timings.startUp, signal: run.settings.stop.signal };
  try {
    return await retry(run, options, async () => {
      const files = await state.list(image);
      const found = new Map<string, Kept>();
      for (const file of files) {
        const there = await state.read(image, file);
        if (there !== null) found.set(file, { ...there, sha256: sha256(there.content) });
      }
      return found;
    });
  } catch (error) {
    if (error instanceof RunnerError) throw error;
    throw new RunnerError({
      code: "state-unreadable",
      message: "the state could not be read from the bucket; nothing was run",
      found: describeError(error),
      retryable: true,
      cause: error,
    });
  }
}

interface Saving {
  readonly state: StoreState;
  readonly image: string;
  readonly workspace: Workspace;
  readonly kept: ReadonlyMap<string, Kept>;
  readonly succeeded: boolean;
}

async function save(run: Run, { state, image, workspace, kept, succeeded }: Saving): Promise<string | null> {
  try {
    const files = (await workspace.listFiles(STORE_FOLDER)).filter((file) => !isLeftover(file));
    const left = await readAll(workspace, files);
    const problem = compareStates(kept.get(STATE_FILE)?.content ?? null, left.get(STATE_FILE) ?? null);
    if (problem !== null) return problem;
    if (succeeded && !left.has(STATE_FILE)) return `there is no ${STORE_FOLDER}/${STATE_FILE}`;
    for (const [file, content] of left) {
      const before = kept.get(file);
      if (before?.sha256 === sha256(content)) continue;
      const options = { what: "save the state", seconds: run.settings.timings.saving };
      const written = await retry(run, options, () =>
        state.write({ image, file, content, previous: before?.etag ?? null }),
      );
      if (written.kind === "changed") return `somebody else has written ${file} meanwhile`;
    }
    run.log.info({ files: left.size }, "state saved");
    return null;
  } catch (error) {
    run.log.error({ error: describeError(error) }, "state not saved");
    return describeError(error);
  }
}

async function readAll(workspace: Workspace, files: readonly string[]): Promise<Map<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  for (const file of files) {
    const content = await workspace.readFile(`${STORE_FOLDER}/${file}`);
    if (content !== null) found.set(file, content);
  }
  return found;
}

/** Terraform's lock of a local state, and what the runner itself was writing. */
function isLeftover(file: string): boolean {
  return file.endsWith(".lock.info") || file.endsWith(".windlass");
}

function sha256(content: Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

function stateMissing({ settings }: Run, image: string): RunnerError {
  return new RunnerError({
    code: "state-missing",
    message: "the state of an earlier deployment is not in the bucket; nothing was run",
    where: `s3://${settings.stateBucket}/state/${image}/store/${STATE_FILE}`,
    expected: "the state that the deployment before has left",
    found: "none",
    hint: "the bucket is versioned: bring the object's last version back, then retry",
  });
}
