import { describeError } from "@windlass/windlass-error";
import { exitCodeOf } from "./exit-code.ts";
import { retry } from "./retry.ts";
import type { StepContext, StepRun } from "./run-step.ts";
import { STATE_FILE, STORE_FOLDER, type StoreEnd, type StoreProblem } from "./store-files.ts";
import type { StoreFolder } from "./store-folder.ts";
import { isBroken, stateUnsaved, type Verdict } from "./verdict.ts";

/** Where Terraform leaves a state that it could not store. */
const ERRORED_STATE = "errored.tfstate";

/**
 * Makes sure that what was applied is known after this instance is gone: saves the folder that is the state, and brings a
 * state that Terraform could not store into the bucket. Null where the state is where it belongs. `store`: null where
 * Terraform keeps the state elsewhere.
 */
export async function keepState(
  context: StepContext,
  apply: StepRun,
  store: StoreFolder | null,
): Promise<Verdict | null> {
  const problem = store === null ? null : await store.save(endOf(apply));
  const errored = await read(context, ERRORED_STATE);
  if (problem === null && errored === null && !saysUnsaved(apply)) return null;
  // What Terraform could not store is newer than anything that it had stored before.
  const state = errored ?? (problem === null ? null : await read(context, problem.file));
  const { stateBucket, deployment } = context.run.settings;
  const where = `s3://${stateBucket}/runs/${deployment}/${ERRORED_STATE}`;
  const kept = state !== null && (await keepAside(context, state));
  const why = problem === null ? null : `${problem.file}: ${problem.problem}`;
  return stateUnsaved(apply, { kept, where, problem: why, target: targetOf(context, problem) });
}

function endOf(apply: StepRun): StoreEnd {
  if (exitCodeOf(apply.exit) === 0) return "succeeded";
  return isBroken(apply) ? "broken" : "ended";
}

/** A Terraform that succeeded has stored its state; an entry point may hide the failure of one that it ran. */
function saysUnsaved({ step, exit, stateUnsaved: says }: StepRun): boolean {
  return says && (step === "entrypoint" || exitCodeOf(exit) !== 0);
}

/** Where the state should be, for the one who brings it there by hand. */
function targetOf({ run, assignment }: StepContext, problem: StoreProblem | null): string | null {
  const { image, state } = assignment;
  const bucket = `s3://${run.settings.stateBucket}`;
  switch (state) {
    case "image":
      return null;
    case "managed":
      return `${bucket}/state/${image}.tfstate`;
    case "store": {
      const inFolder = problem?.file.startsWith(`${STORE_FOLDER}/`) ? problem.file : `${STORE_FOLDER}/${STATE_FILE}`;
      return `${bucket}/state/${image}/${inFolder}`;
    }
  }
}

async function read({ run, workspace }: StepContext, file: string): Promise<Uint8Array | null> {
  try {
    return await workspace.readFile(file);
  } catch (error) {
    run.log.error({ file, error: describeError(error) }, "state not read");
    return null;
  }
}

async function keepAside({ run, assignment }: StepContext, content: Uint8Array): Promise<boolean> {
  const { deployment } = assignment;
  try {
    await retry(run, { what: "keep the state", seconds: run.settings.timings.saving }, () =>
      run.store.putRunFile({ deployment, name: ERRORED_STATE, content }),
    );
    return true;
  } catch (error) {
    run.log.error({ error: describeError(error) }, "state not kept: it is lost with this instance");
    return false;
  }
}
