import type { TickContext } from "./context.ts";
import { isWaiting } from "./draft.ts";
import type { Deployment } from "./ledger.ts";
import { notAsked, passes, type Subject, stops, type Verdict } from "./rule.ts";
import { findGroups, refreshingGroups } from "./start-refresh.ts";
import { startedTerraform, terraformObstacle } from "./start-terraform.ts";

/** What the area is busy with, looked up once for all its images. */
export interface Busy {
  readonly terraform: Deployment | undefined;
  readonly groups: ReadonlyMap<string, string>;
}

export interface Reached {
  readonly busy: Busy;
  /** No rule before this one stops the image. */
  readonly reached: boolean;
}

export function findBusy(context: TickContext): Busy {
  return { terraform: startedTerraform(context), groups: refreshingGroups(context) };
}

/** The last rule: whether the deploy group, or the image's own groups, can take its deployment now. */
export function askGroup(context: TickContext, { name, image }: Subject, { busy, reached }: Reached): Verdict {
  const active = context.draft.activeOf(name);
  if (active !== undefined && !isWaiting(active)) return notAsked("it is being deployed");
  if (image.kind === "terraform") {
    const obstacle = terraformObstacle(context, busy.terraform);
    return obstacle === null ? passes("the deploy group is empty") : stops(obstacle);
  }
  // A tick looks at the groups of what could start, and of nothing else.
  if (!reached && context.observation.groups[name] === undefined) {
    return notAsked("its groups are looked at when it could start");
  }
  const groups = findGroups(context, name, busy.groups);
  return groups.kind === "free"
    ? passes(`no refresh is in progress in ${groups.names.join(", ")}`)
    : stops(groups.reason);
}
