import type { Control, ControlPreview, Deployment, DeploymentId, ImageDigest } from "@windlass/deployment";
import type { Change } from "./list-changes.ts";

/** What the commands that act print with `--json`. */
export interface ActView {
  /**
   * - `taken`: a tick has taken it.
   * - `sent`: the next tick takes it.
   * - `not-taken`: no tick has taken it within `--timeout`; one still will.
   * - `planned`: `--dry-run`; nothing was sent.
   * - `nothing-to-do`: it would change nothing; nothing was sent.
   * - `declined`: the person said no; nothing was sent.
   */
  readonly kind: "taken" | "sent" | "not-taken" | "planned" | "nothing-to-do" | "declined";
  readonly area: string;
  /** What was sent, or would have been. */
  readonly control: Control;
  /** Why nothing is to be done, or why the version that was not named is the right one; null elsewhere. */
  readonly because: string | null;
  /** Deployments that begin to wait with it. */
  readonly begins: readonly ActDeployment[];
  /** Deployments that end with it. */
  readonly ends: readonly ActDeployment[];
  /** `taken`: what is otherwise now. Empty: the tick found nothing to change. */
  readonly changes: readonly Change[];
}

export interface ActDeployment {
  /** Null: it gets its id from the tick. */
  readonly deployment: DeploymentId | null;
  readonly image: string;
  readonly digest: ImageDigest;
  readonly commit: string | null;
}

type Consequences = Pick<ActView, "begins" | "ends">;

export function consequencesOf(preview: ControlPreview): Consequences {
  if (preview.kind !== "effect") return { begins: [], ends: [] };
  return {
    begins: preview.begins.map((one) => ({ ...shown(one), deployment: null })),
    ends: preview.ends.map(shown),
  };
}

function shown({ id, image, digest, commit }: Deployment): ActDeployment {
  return { deployment: id, image, digest, commit };
}
