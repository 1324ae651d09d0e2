import type { DeploymentSummary } from "@windlass/area-view";
import { describePlan } from "@windlass/deployment";
import type { CliWorld } from "./cli-world.ts";
import { type Cell, formatTable } from "./format-table.ts";
import { type Style, styleOf } from "./style.ts";
import { formatSeconds, formatTime, formatVersion } from "./words.ts";

export interface AreaHistory {
  readonly area: string;
  readonly deployments: readonly DeploymentSummary[];
}

const HEAD = ["ended (UTC)", "area", "image", "version", "outcome", "took", "plan", "deployment", "why"] as const;

/** Newest first, all areas together. */
export function formatHistory(areas: readonly AreaHistory[], screen: Pick<CliWorld, "terminal" | "env">): string {
  const style = styleOf(screen);
  const rows = areas
    .flatMap(({ area, deployments }) => deployments.map((deployment) => ({ area, deployment })))
    .toSorted((one, other) => endOf(other.deployment).localeCompare(endOf(one.deployment)))
    .map(({ area, deployment }) => rowOf(area, deployment, style));
  if (rows.length === 0) return screen.terminal.interactive ? "No deployment matches.\n" : "";
  return formatTable({ head: HEAD, rows }, screen.terminal, style.bold);
}

function endOf({ endedAt, decidedAt }: DeploymentSummary): string {
  return endedAt ?? decidedAt;
}

function rowOf(area: string, deployment: DeploymentSummary, style: Style): readonly Cell[] {
  const { image, state, seconds, plan, failure, noop } = deployment;
  const planned = noop ? "nothing to change" : plan === null ? "-" : describePlan(plan);
  return [
    { text: formatTime(endOf(deployment)), style: style.dim },
    { text: area },
    { text: image },
    { text: formatVersion(deployment) },
    { text: state, style: stateStyle(style, state) },
    { text: seconds === null ? "-" : formatSeconds(seconds) },
    { text: planned },
    { text: deployment.deployment },
    { text: failure?.message.split("\n")[0] ?? "" },
  ];
}

/** How a deployment stands, in its colour. */
export function stateStyle(style: Style, state: DeploymentSummary["state"]): (text: string) => string {
  switch (state) {
    case "succeeded":
      return style.good;
    case "waiting":
    case "superseded":
    case "cancelled":
      return style.dim;
    case "launching":
    case "running":
      return style.busy;
    case "lost":
    case "never-started":
      return style.warn;
    case "failed":
    case "unknown":
    case "state-unsaved":
      return style.bad;
  }
}
