import { describeError } from "@windlass/windlass-error";
import { retry } from "./retry.ts";
import type { StepContext, StepRun } from "./run-step.ts";
import { stateUnsaved, type Verdict } from "./verdict.ts";

/** Where Terraform leaves a state that it could not store. */
const ERRORED_STATE = "errored.tfstate";

/** Brings a state that apply could not store into the bucket, before it is lost with the instance; null without one. */
export async function keepErroredState(context: StepContext, apply: StepRun): Promise<Verdict | null> {
  if (apply.exit.kind === "exited" && apply.exit.code === 0) return null;
  const state = await context.workspace.readFile(ERRORED_STATE);
  if (state === null && !apply.stateUnsaved) return null;
  const { stateBucket, deployment } = context.run.settings;
  const where = `s3://${stateBucket}/runs/${deployment}/${ERRORED_STATE}`;
  return stateUnsaved(apply, { where, kept: state !== null && (await store(context, state)) });
}

async function store({ run, assignment }: StepContext, content: string): Promise<boolean> {
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
