import type { BoardAreaHistory, BoardHistory } from "./api.ts";
import type { AreaDeployment } from "./deployment-table.tsx";

/** The deployments of all areas, newest first. */
export function mergeHistory({ areas }: BoardHistory): readonly AreaDeployment[] {
  return areas
    .flatMap((one) => (one.kind === "history" ? one.deployments.map((found) => ({ ...found, area: one.area })) : []))
    .toSorted((one, other) => other.decidedAt.localeCompare(one.decidedAt));
}

/** Areas whose history could not be read: that is not an empty one. */
export function historyErrors({ areas }: BoardHistory): readonly Extract<BoardAreaHistory, { kind: "unreadable" }>[] {
  return areas.filter((one) => one.kind === "unreadable");
}
