import { describeError } from "@windlass/windlass-error";
import { exitCodeOf } from "./exit-code.ts";
import { retry } from "./retry.ts";
import type { StepContext, StepRun } from "./run-step.ts";
import { STATE_FILE, STORE_FOLDER, type StoreFolder } from "./store-folder.ts";
import { stateUnsaved, type Verdict } from "./verdict.ts";

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
  const succeeded = exitCodeOf(apply.exit) === 0;
  const problem = store === null ? null : await store.save(succeeded);
  if (problem !== null) return await keepAside(context, apply, { file: `${STORE_FOLDER}/${STATE_FILE}`, problem });
  if (succeeded) return null;
  const errored = await read(context, ERRORED_STATE);
  if (errored === null && !apply.stateUnsaved) return null;
  return await keepAside(context, apply, { file: ERRORED_STATE, problem: null });
}

interface Aside {
  /** In the module. */
  readonly file: string;
  /** What kept it from where it belongs; null where Terraform's own words say so. */
  readonly problem: string | null;
}

async function keepAside(context: StepContext, apply: StepRun, { file, problem }: Aside): Promise<Verdict> {
  const { stateBucket, deployment } = context.run.settings;
  const state = await read(context, file);
  const where = `s3://${stateBucket}/runs/${deployment}/${ERRORED_STATE}`;
  const kept = state !== null && (await store(context, state));
  return stateUnsaved(apply, { kept, where, problem, target: targetOf(context) });
}

/** Where the state should be, for the one who brings it there by hand. */
function targetOf({ run, assignment }: StepContext): string | null {
  const { stateBucket } = run.settings;
  switch (assignment.state) {
    case "image":
      return null;
    case "managed":
      return `s3://${stateBucket}/state/${assignment.image}.tfstate`;
    case "store":
      return `s3://${stateBucket}/state/${assignment.image}/store/${STATE_FILE}`;
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

async function store({ run, assignment }: StepContext, content: Uint8Array): Promise<boolean> {
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
