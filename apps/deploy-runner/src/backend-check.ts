import type { StepContext } from "./run-step.ts";
import { failed, type Verdict } from "./verdict.ts";

/** Where init notes the backend that it has configured; not there without one. */
const BACKEND_FILE = ".terraform/terraform.tfstate";

/**
 * Makes sure that a module which keeps its own state keeps it somewhere else: state on this instance is lost with it, and
 * the next deployment would create everything a second time.
 */
export async function findBackendProblem({ assignment, workspace }: StepContext): Promise<Verdict | null> {
  if (assignment.state !== "image") return null;
  const backend = readBackend(await workspace.readFile(BACKEND_FILE));
  if (backend !== null && backend !== "local") return null;
  return failed(null, {
    code: "no-remote-backend",
    message: `the module keeps its state ${backend === null ? "in no backend" : "in the local backend"}; nothing was planned`,
    hint: 'give it a remote backend, or say "state: managed" or "state: store" for this image in the account mapping',
  });
}

function readBackend(content: Uint8Array | null): string | null {
  if (content === null) return null;
  const text = Buffer.from(content).toString("utf8");
  const type = (JSON.parse(text) as { backend?: { type?: unknown } }).backend?.type;
  return typeof type === "string" ? type : null;
}
