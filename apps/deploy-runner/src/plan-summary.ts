import type { PlanCounts } from "@windlass/deployment";
import * as z from "zod";

export interface PlanSummary {
  readonly counts: PlanCounts;
  /** Nothing to apply: no resource, no output and no record of the state would change. */
  readonly empty: boolean;
}

const changeSchema = z.looseObject({
  actions: z.array(z.string()),
  importing: z.unknown().optional(),
});

/** The parts of `terraform show -json <plan>` that are read here; newer versions add others. */
const planSchema = z.looseObject({
  /** Terraform's own word on whether there is anything to apply; since 1.8. */
  applyable: z.boolean().optional(),
  resource_changes: z
    .array(z.looseObject({ previous_address: z.string().optional(), change: changeSchema }))
    .default([]),
  output_changes: z.record(z.string(), z.looseObject({ actions: z.array(z.string()) })).default({}),
});
type Plan = z.infer<typeof planSchema>;

/** Null where the text is no plan in Terraform's JSON form. */
export function summarizePlan(json: string): PlanSummary | null {
  const plan = planSchema.safeParse(parseJson(json));
  if (!plan.success) return null;
  return { counts: countActions(plan.data), empty: isEmpty(plan.data) };
}

/** A replacement is one resource added and one destroyed. */
function countActions(plan: Plan): PlanCounts {
  const actions = plan.resource_changes.flatMap(({ change }) => change.actions);
  const count = (wanted: string) => actions.filter((action) => action === wanted).length;
  return { add: count("create"), change: count("update"), destroy: count("delete") };
}

function isEmpty(plan: Plan): boolean {
  if (plan.applyable !== undefined) return !plan.applyable;
  const changesNothing = (actions: readonly string[]) =>
    actions.every((action) => action === "no-op" || action === "read");
  // An import or a move has no action, yet it changes the state.
  const resources = plan.resource_changes.every(
    ({ change, previous_address }) =>
      changesNothing(change.actions) && change.importing === undefined && previous_address === undefined,
  );
  return resources && Object.values(plan.output_changes).every(({ actions }) => changesNothing(actions));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
