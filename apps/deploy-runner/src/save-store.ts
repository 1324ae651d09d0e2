import type { StoreState } from "@windlass/ledger-store";
import { describeError } from "@windlass/windlass-error";
import type { DeployRecord } from "./deploy-record.ts";
import type { Workspace } from "./engine.ts";
import { shorten } from "./error-block.ts";
import type { LeftState } from "./module-states.ts";
import type { Run } from "./ports.ts";
import { retry } from "./retry.ts";
import { savingOptions } from "./saving-time.ts";
import { compareStates, emptyState } from "./state-file.ts";
import {
  isStateFile,
  type KeptFile,
  STATE_FILE,
  STORE_FOLDER,
  type StoreEnd,
  type StoreProblem,
  sha256,
} from "./store-files.ts";

export interface Saving {
  readonly state: StoreState;
  readonly image: string;
  readonly workspace: Workspace;
  readonly record: DeployRecord;
  /** By their path in the folder. */
  readonly kept: ReadonlyMap<string, KeptFile>;
  readonly end: StoreEnd;
  /** What the steps have left beside the folder. */
  readonly outside: readonly LeftState[];
}

const NOTE_LIMIT = 500;
/** What comes after it, the result above all, needs what is left. */
const NO_TIME = "there was no time left for it";

/** Saves the states first, and nothing over a state that it does not follow from; then what else the folder holds. */
export async function saveStore(run: Run, saving: Saving): Promise<StoreProblem | null> {
  const problem = await saveStates(run, saving).catch((error: unknown) => inFolder(STATE_FILE, describeError(error)));
  if (problem === null) {
    await saveOthers(run, saving);
    run.log.info({}, "state saved");
  } else {
    run.log.error({ ...problem }, "state not saved");
  }
  return problem;
}

async function saveStates(run: Run, saving: Saving): Promise<StoreProblem | null> {
  const { workspace, kept, end } = saving;
  const left = await readAll(workspace, (await listFolder(workspace)).filter(isStateFile));
  for (const file of new Set([...kept.keys(), ...left.keys()].filter(isStateFile))) {
    const problem = compareStates(kept.get(file)?.content ?? null, left.get(file) ?? null);
    if (problem !== null) return inFolder(file, problem);
  }
  if (left.size === 0) {
    const problem = explainNone(saving);
    if (problem !== null) return problem;
    if (end === "broken") return null;
    // The next deployment shall find that there is nothing, where otherwise it would miss a state.
    left.set(STATE_FILE, emptyState(run.settings.nonce));
  }
  for (const [file, content] of left) {
    const problem = await saveFile(run, saving, { file, content }).catch(describeError);
    if (problem !== null) return inFolder(file, problem);
  }
  return null;
}

/** Null where it is no wonder that there is no state. */
function explainNone({ outside: [outside], end }: Saving): StoreProblem | null {
  if (outside !== undefined) {
    return { file: outside.file, problem: `the image keeps its state outside of ${STORE_FOLDER}/` };
  }
  return end === "succeeded" ? inFolder(STATE_FILE, "there is none") : null;
}

/** They are no state: what can not be kept is told, and no more. */
async function saveOthers(run: Run, saving: Saving): Promise<void> {
  const { workspace, record } = saving;
  const problems: string[] = [];
  for (const file of (await listFolder(workspace)).filter((name) => !isStateFile(name))) {
    const late = run.clock.monotonic() > run.saving.end("state");
    const problem = late ? NO_TIME : await saveOther(run, saving, file).catch(describeError);
    if (problem !== null) problems.push(`${STORE_FOLDER}/${file}: ${problem}`);
  }
  if (problems.length === 0) return;
  run.log.error({ problems }, "files beside the state not saved");
  record.notes.push(shorten(`The state is saved, but not all beside it. ${problems.join("; ")}`, NOTE_LIMIT));
}

async function saveOther(run: Run, saving: Saving, file: string): Promise<string | null> {
  const content = await saving.workspace.readFile(`${STORE_FOLDER}/${file}`);
  return content === null ? null : await saveFile(run, saving, { file, content });
}

/** Returns what came in between; null: it is saved, or was there already. */
async function saveFile(
  run: Run,
  { state, image, kept }: Saving,
  { file, content }: { readonly file: string; readonly content: Uint8Array },
): Promise<string | null> {
  const before = kept.get(file);
  if (before?.sha256 === sha256(content)) return null;
  const written = await retry(run, savingOptions(run, "save the state", "state"), () =>
    state.write({ image, file, content, previous: before?.etag ?? null }),
  );
  return written.kind === "changed" ? "somebody else has written it meanwhile" : null;
}

async function listFolder(workspace: Workspace): Promise<readonly string[]> {
  return (await workspace.listFiles(STORE_FOLDER)).filter((file) => !isLeftover(file));
}

async function readAll(workspace: Workspace, files: readonly string[]): Promise<Map<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  for (const file of files) {
    const content = await workspace.readFile(`${STORE_FOLDER}/${file}`);
    if (content !== null) found.set(file, content);
  }
  return found;
}

/** Terraform's lock of a local state, what the runner itself was writing, and what init can make anew. */
function isLeftover(file: string): boolean {
  return file.endsWith(".lock.info") || file.endsWith(".windlass") || file.split("/").includes(".terraform");
}

function inFolder(file: string, problem: string): StoreProblem {
  return { file: `${STORE_FOLDER}/${file}`, problem };
}
