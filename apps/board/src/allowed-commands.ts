import type { ImageView } from "@windlass/area-view";
import type { Command } from "./api.ts";

export const COMMAND_WORDS: Readonly<Record<Command, string>> = {
  hold: "Hold…",
  unhold: "Release the hold…",
  rollback: "Roll back…",
  retry: "Retry…",
  unblock: "Unblock…",
  cancel: "Cancel…",
  "deploy-now": "Deploy now…",
  pause: "Pause the area…",
  resume: "Resume the area…",
};

/** What an action does, in one sentence. */
export const COMMAND_MEANINGS: Readonly<Record<Command, string>> = {
  hold: "Deploys nothing but one version, until the hold is released.",
  unhold: "The image follows the area's tag again.",
  rollback: "Goes back to what was live before, and holds it there: the next poll does not undo it.",
  retry: "Forgets the attempts at the present head, which is then tried again.",
  unblock: "A person has looked at the account: the image may be deployed again.",
  cancel: "Stops the deployment that waits or runs.",
  "deploy-now": "Starts the present head even outside the windows.",
  pause: "Starts nothing in the whole area; what runs goes on.",
  resume: "Starts deployments in the area again.",
};

/** What may be asked of an image as it stands: the server has the last word. */
export function allowedCommands(view: ImageView): readonly Command[] {
  const { deployment, hold, block, previous, standing, attempts, failure } = view;
  const allowed: Readonly<Partial<Record<Command, boolean>>> = {
    cancel: deployment !== null && deployment.cancel === null,
    "deploy-now": standing === "waiting" && view.deployNow === null,
    retry: standing === "failed" || failure !== null || attempts?.cancelled === true,
    unblock: block !== null,
    unhold: hold !== null,
    rollback: previous !== null,
    hold: true,
  };
  return (Object.keys(allowed) as Command[]).filter((command) => allowed[command]);
}
