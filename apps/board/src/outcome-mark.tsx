import type { DeploymentSummary, Standing } from "@windlass/area-view";
import type { VNode } from "preact";
import { Icon } from "./icon.tsx";

type State = DeploymentSummary["state"];

const LIKE: Readonly<Record<State, Standing>> = {
  waiting: "waiting",
  launching: "deploying",
  running: "deploying",
  succeeded: "live",
  failed: "failed",
  lost: "failed",
  "never-started": "failed",
  "state-unsaved": "blocked",
  unknown: "blocked",
  superseded: "none",
  cancelled: "none",
};

export const OUTCOMES = Object.keys(LIKE) as readonly State[];

/** How a deployment ended, or how far it is: the board's colours and shapes. */
export function OutcomeMark({ state, noop = false }: { readonly state: State; readonly noop?: boolean }): VNode {
  return (
    <span class={`standing is-${LIKE[state]}`}>
      <Icon name={LIKE[state]} />
      {state}
      {noop && <span class="quiet"> (no change)</span>}
    </span>
  );
}
