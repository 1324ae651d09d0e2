import { randomUUID } from "node:crypto";
import { type Control, controlSchema, type DeploymentId, type ImageDigest, toInstant } from "@windlass/deployment";
import { CliError } from "../cli-error.ts";
import type { OpenArea } from "../open-area.ts";
import { requireImage } from "../require-name.ts";

/** What a person asks for, and why. */
export type ControlRequest = {
  readonly reason: string;
  /** Of one's own making, to send the very same again: a control is applied once for each id. */
  readonly id?: string;
} & ControlWish;

export type ControlWish =
  /** `digest` null: what is live. */
  | {
      readonly kind: "hold";
      readonly image: string;
      readonly digest: ImageDigest | null;
      readonly commit: string | null;
    }
  | { readonly kind: "unhold" | "deploy-now"; readonly image: string }
  /** With a deployment, the control concerns that one alone: whatever has happened since is left as it is. */
  | {
      readonly kind: "retry" | "unblock" | "cancel";
      readonly image: string;
      readonly deployment: DeploymentId | null;
    }
  | { readonly kind: "pause" | "resume" };

/**
 * The control that asks for it, by whoever the credentials are. Throws `CliError`: `unknown-image`, with what there is, and
 * `options-wrong` for an id or a reason that no control can have.
 */
export function makeControl(open: Pick<OpenArea, "slice" | "caller">, request: ControlRequest, now: Date): Control {
  if ("image" in request) requireImage(open.slice, request.image);
  const { reason, id = randomUUID(), ...wish } = request;
  if (reason.trim() === "") throw wrong("there is no reason", "--reason, in words that others will understand", reason);
  if (!/^[A-Za-z0-9-]{1,64}$/.test(id)) throw wrong("--id is none", "at most 64 letters, digits and dashes", id);
  return controlSchema.parse({ schema: 1, id, by: nameOf(open.caller.arn), reason, at: toInstant(now), ...wish });
}

/**
 * Writes a control for the next tick to take; the same control again changes nothing. The one thing that the command line and
 * the board write. Throws `CliError` where the area's bucket can not be written.
 */
export async function sendControl(open: Pick<OpenArea, "store" | "attempt">, control: Control): Promise<Control> {
  try {
    await open.attempt(() => open.store.putControl(control));
  } catch (error) {
    throw error instanceof CliError && error.code === "no-permission" ? mayNotAct(error) : error;
  }
  return control;
}

function mayNotAct(cause: CliError): CliError {
  const { where } = cause;
  const hint = "ask for a role that may act: it needs s3:PutObject on controls/* of the state bucket";
  return new CliError({
    code: "no-permission",
    message: "you may look at this area, and not act on it",
    where,
    hint,
    cause,
  });
}

function wrong(message: string, expected: string, found: string): CliError {
  return new CliError({ code: "options-wrong", message, expected, found: JSON.stringify(found) });
}

/**
 * Who that is, by AWS: `operator/kim` for a session of a role, `user/kim` for a user, `root`. A session's name alone is
 * often the SDK's own.
 */
export function nameOf(arn: string): string {
  const resource = arn.split(":").slice(5).join(":");
  return resource.replace(/^assumed-role\//, "");
}
