import { describeError } from "@windlass/windlass-error";
import { shorten } from "./error-block.ts";
import { exitCodeOf } from "./exit-code.ts";
import { ERRORED_STATE, type LeftState, type LeftStates } from "./module-states.ts";
import { retry } from "./retry.ts";
import type { StepContext, StepRun } from "./run-step.ts";
import { savingOptions } from "./saving-time.ts";
import { emptyState, mayHaveResources } from "./state-file.ts";
import { STATE_FILE, STORE_FOLDER, type StoreEnd, type StoreProblem } from "./store-files.ts";
import type { StoreFolder } from "./store-folder.ts";
import { emptyStateUnsaved, type StateHome, stateUnsaved } from "./unsaved-state.ts";
import { isBroken, nothingToApply, type Verdict } from "./verdict.ts";

const NOTE_LIMIT = 500;

/**
 * Makes sure that what was applied is known after this instance is gone: saves the folder that is the state, and brings
 * what Terraform could not store, and what it has stored on this instance alone, into the bucket. Null where the state is
 * where it belongs. `store`: null where Terraform keeps the state elsewhere.
 */
export async function keepState(
  context: StepContext,
  apply: StepRun,
  store: StoreFolder | null,
): Promise<Verdict | null> {
  const left = await context.states.look();
  const problem = store === null ? null : await store.save(endOf(apply), left.local);
  const local = localStates(context, left);
  const { errored } = left;
  if (problem === null && errored.length === 0 && local.length === 0 && !saysUnsaved(apply)) return null;
  const states = await gatherStates(context, left, problem);
  const kept = await keepAll(context, states);
  const why =
    problem === null ? describeLocal(errored.length === 0 ? local : []) : `${problem.file}: ${problem.problem}`;
  const home = homeOf(context, problem, errored.length === 0 && local.length > 0);
  return stateUnsaved(apply, { kept, where: asideOf(context, 1), problem: why, home });
}

/** Also then the next deployment has to find a state, if only one that says that there is nothing. */
export async function keepNothing(context: StepContext, store: StoreFolder | null): Promise<Verdict> {
  const { run, record } = context;
  const problem = store === null ? null : await store.save("ended", []);
  if (store === null || problem === null) return nothingToApply();
  const why = `${problem.file}: ${problem.problem}`;
  if (store.restored) {
    // Nothing was changed: the state that is in the bucket is as right as it was.
    record.notes.push(shorten(`${problem.file} could not be saved: ${problem.problem}`, NOTE_LIMIT));
    return nothingToApply();
  }
  const content = (await read(context, problem.file)) ?? emptyState(run.settings.nonce);
  const kept = await keepAll(context, [{ file: problem.file, content }]);
  const home = homeOf(context, problem, false);
  return emptyStateUnsaved({ kept, where: asideOf(context, 1), problem: why, home });
}

function endOf(apply: StepRun): StoreEnd {
  if (exitCodeOf(apply.exit) === 0) return "succeeded";
  return isBroken(apply) ? "broken" : "ended";
}

/** A Terraform that succeeded has stored its state; an entry point may hide the failure of one that it ran. */
function saysUnsaved({ step, exit, stateUnsaved: says }: StepRun): boolean {
  return says && (step === "entrypoint" || exitCodeOf(exit) !== 0);
}

/** States that nothing but this instance has. One without resources tells nothing that the next deployment would miss. */
function localStates({ assignment }: StepContext, { local }: LeftStates): readonly LeftState[] {
  if (assignment.state !== "image") return [];
  return local.filter(({ content }) => content === null || mayHaveResources(content));
}

function describeLocal([first]: readonly LeftState[]): string | null {
  return first === undefined ? null : `${first.file}: the module keeps it on this instance, in no remote backend`;
}

/** What Terraform could not store is newer than anything that it had stored before, so it comes first. */
async function gatherStates(
  context: StepContext,
  left: LeftStates,
  problem: StoreProblem | null,
): Promise<readonly LeftState[]> {
  const { errored } = left;
  const local = problem === null ? localStates(context, left) : left.local;
  if (problem === null || errored.length > 0) return [...errored, ...local];
  const content = await read(context, problem.file);
  const others = local.filter(({ file }) => file !== problem.file);
  return content === null ? others : [{ file: problem.file, content }, ...others];
}

/** Where the state should be, for the one who brings it there by hand. */
function homeOf({ run, assignment }: StepContext, problem: StoreProblem | null, isLocal: boolean): StateHome {
  const { image, state } = assignment;
  const states = `s3://${run.settings.stateBucket}/state/${image}`;
  const stored = `${states}/${STORE_FOLDER}/${STATE_FILE}`;
  switch (state) {
    case "image":
      return isLocal ? { kind: "none", url: stored } : { kind: "backend" };
    case "managed":
      return { kind: "object", url: `${states}.tfstate` };
    case "store":
      return {
        kind: "object",
        url: problem?.file.startsWith(`${STORE_FOLDER}/`) ? `${states}/${problem.file}` : stored,
      };
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

/** Whether all of them are safe, and there are any. Where their names do not say which is which, notes do. */
async function keepAll(context: StepContext, states: readonly LeftState[]): Promise<boolean> {
  let allKept = states.length > 0;
  for (const [index, { file, content }] of states.entries()) {
    const kept = content !== null && (await keepAside(context, nameOf(index + 1), content));
    allKept &&= kept;
    if (states.length === 1 && !file.endsWith(`/${ERRORED_STATE}`)) continue;
    const end = kept ? `is kept as ${asideOf(context, index + 1)}` : "could not be kept";
    context.record.notes.push(shorten(`${file} ${end}.`, NOTE_LIMIT));
  }
  return allKept;
}

function nameOf(number: number): "errored.tfstate" | `errored-${number}.tfstate` {
  return number === 1 ? ERRORED_STATE : `errored-${number}.tfstate`;
}

function asideOf({ run }: StepContext, number: number): string {
  const { stateBucket, deployment } = run.settings;
  return `s3://${stateBucket}/runs/${deployment}/${nameOf(number)}`;
}

async function keepAside(
  { run, assignment }: StepContext,
  name: ReturnType<typeof nameOf>,
  content: Uint8Array,
): Promise<boolean> {
  const { deployment } = assignment;
  try {
    await retry(run, savingOptions(run, "keep the state", "aside"), () =>
      run.store.putRunFile({ deployment, name, content }),
    );
    return true;
  } catch (error) {
    run.log.error({ error: describeError(error) }, "state not kept: it is lost with this instance");
    return false;
  }
}
