import { describeError } from "@windlass/windlass-error";
import { readBackendNote } from "./backend-note.ts";
import type { DeployRecord } from "./deploy-record.ts";
import type { StepContext } from "./run-step.ts";
import { STATE_FILE, STORE_FOLDER, sha256 } from "./store-files.ts";

/** Where Terraform leaves a state that it could not store: the folder in which it was started. */
export const ERRORED_STATE = "errored.tfstate";

/** The states that a step leaves in the module. */
export interface ModuleStates {
  /** Never throws: what can not be read is there, without its content. */
  look(): Promise<LeftStates>;
}

export interface LeftStates {
  /** What Terraform could not store. */
  readonly errored: readonly LeftState[];
  /** What Terraform keeps where nobody told it to: on this instance. Those in the folder that is the state do not count. */
  readonly local: readonly LeftState[];
}

export interface LeftState {
  /** In the module. */
  readonly file: string;
  /** Null where it can not be read. */
  readonly content: Uint8Array | null;
}

type Watching = Pick<StepContext, "run" | "assignment" | "workspace" | "record">;

/**
 * Notes what lies in the module before anything runs in it. Terraform's own steps run in the module's folder and are told
 * where the state is; an entry point may run Terraform in any folder, and with any backend.
 */
export async function watchStates(watching: Watching): Promise<ModuleStates> {
  if (watching.assignment.entrypoint === null) {
    return { look: async () => ({ errored: await readStates(watching, [ERRORED_STATE]), local: [] }) };
  }
  const before = new Map<string, string | null>();
  for (const state of await findStates(watching)) before.set(state.file, digestOf(state));
  return {
    async look() {
      const left = (await findStates(watching)).filter((state) => before.get(state.file) !== digestOf(state));
      return {
        errored: left.filter(({ file }) => isErrored(file)),
        local: left.filter((state) => isLocal(watching, state)),
      };
    },
  };
}

async function findStates(watching: Watching): Promise<readonly LeftState[]> {
  return await readStates(watching, await findStateFiles(watching));
}

const NAMES: readonly string[] = [ERRORED_STATE, STATE_FILE];
const NOT_ALL = "The module holds more files than are looked through: a state that is deep in it would not be found.";

/** Those of Terraform's workspaces have the same name, in a folder for each. */
async function findStateFiles({ run, workspace, record }: Watching): Promise<readonly string[]> {
  if (workspace.findFiles === undefined) return NAMES;
  try {
    const { files, complete } = await workspace.findFiles((name) => NAMES.includes(name));
    if (complete) return files;
    noteOnce(record, NOT_ALL);
    return [...new Set([...NAMES, ...files])];
  } catch (error) {
    run.log.error({ error: describeError(error) }, "module not looked through for states");
    noteOnce(record, NOT_ALL);
    return NAMES;
  }
}

function noteOnce({ notes }: DeployRecord, note: string): void {
  if (!notes.includes(note)) notes.push(note);
}

async function readStates({ run, workspace }: Watching, files: readonly string[]): Promise<readonly LeftState[]> {
  const found: LeftState[] = [];
  for (const file of files) {
    try {
      const content = await workspace.readFile(file);
      if (content !== null) found.push({ file, content });
    } catch (error) {
      run.log.error({ file, error: describeError(error) }, "state not read");
      found.push({ file, content: null });
    }
  }
  return found;
}

function digestOf({ content }: LeftState): string | null {
  return content === null ? null : sha256(content);
}

function isErrored(file: string): boolean {
  return file === ERRORED_STATE || file.endsWith(`/${ERRORED_STATE}`);
}

/** What init notes of a backend has the name of a state, too; an image may have it in another folder than usual. */
function isLocal({ assignment }: Watching, { file, content }: LeftState): boolean {
  if (isErrored(file) || (assignment.state === "store" && file.startsWith(`${STORE_FOLDER}/`))) return false;
  return content === null || readBackendNote(content).kind !== "backend";
}
