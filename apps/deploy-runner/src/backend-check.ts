import { type BackendNote, readBackendNote } from "./backend-note.ts";
import { DATA_DIRECTORY } from "./data-directory.ts";
import type { StepContext } from "./run-step.ts";
import { failed, type Verdict } from "./verdict.ts";

/** Where init notes the backend that it has configured; not there without one. */
const BACKEND_FILE = "terraform.tfstate";

/**
 * Makes sure that a module which keeps its own state keeps it somewhere else: state on this instance is lost with it, and
 * the next deployment would create everything a second time.
 */
export async function findBackendProblem({ assignment, workspace }: StepContext): Promise<Verdict | null> {
  if (assignment.state !== "image") return null;
  const folder = workspace.dataDirectory === undefined ? DATA_DIRECTORY : workspace.dataDirectory;
  if (folder === null) return outside();
  const file = folder === "" ? BACKEND_FILE : `${folder}/${BACKEND_FILE}`;
  const content = await workspace.readFile(file);
  return judgeNote(content === null ? { kind: "none" } : readBackendNote(content), file);
}

function judgeNote(note: BackendNote, file: string): Verdict | null {
  switch (note.kind) {
    case "unreadable":
      return failed(null, {
        code: "volume-unreadable",
        message: `what init has noted of the backend in ${file} is not JSON; nothing was planned`,
        hint: "let nothing but Terraform write there",
      });
    case "none":
      return withoutBackend("in no backend");
    case "backend":
      return note.type === "local" ? withoutBackend("in the local backend") : null;
  }
}

function withoutBackend(where: string): Verdict {
  return failed(null, {
    code: "no-remote-backend",
    message: `the module keeps its state ${where}; nothing was planned`,
    hint: 'give it a remote backend, or say "state: managed" or "state: store" for this image in the account mapping',
  });
}

function outside(): Verdict {
  return failed(null, {
    code: "image-unfit",
    message:
      "the image has TF_DATA_DIR outside of its working directory, so that what init does is gone in the next step; nothing was planned",
    hint: "set it to a folder below WORKDIR, or not at all",
  });
}
