import { attemptsAt, quarantineOf } from "./attempts.ts";
import { imageOf, isLive, type TickContext, targetOf } from "./context.ts";

export interface Unsettled {
  readonly on: string;
  /** Null where it is simply not live yet. */
  readonly because: string | null;
}

/** The first image, dependencies of dependencies first, that must be live at its head before this one; null: none. */
export function unsettledDependency(context: TickContext, image: string): Unsettled | null {
  for (const on of dependenciesOf(context, image)) {
    const obstacle = obstacleOf(context, on);
    if (obstacle !== null) return { on, because: obstacle.because };
  }
  return null;
}

/** All images that this one comes after, directly or not, in the order in which they deploy. */
export function dependenciesOf(context: Pick<TickContext, "slice">, image: string): readonly string[] {
  const ordered = new Set<string>();
  function visit(name: string): void {
    for (const dependency of imageOf(context, name)?.after ?? []) {
      if (ordered.has(dependency)) continue;
      visit(dependency);
      ordered.add(dependency);
    }
  }
  visit(image);
  return [...ordered];
}

function obstacleOf(context: TickContext, image: string): { readonly because: string | null } | null {
  const { draft, observation } = context;
  const record = draft.image(image);
  const { hold, block } = record;
  const target = targetOf(context, image);
  if (observation.heads[image]?.kind === "unreadable") return { because: "its head could not be read" };
  if (hold !== null) return { because: `held by ${hold.request.by}` };
  if (block !== null) return { because: `blocked: ${block.outcome}` };
  if (target === null) return { because: "it has no head" };
  if (isLive(context, image, target) && draft.activeOf(image) === undefined) return null;
  const described = imageOf(context, image);
  const quarantine = described === undefined ? null : quarantineOf(attemptsAt(record, target.digest), described);
  return { because: quarantine === null ? null : `quarantined: ${quarantine.outcome}` };
}
