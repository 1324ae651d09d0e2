import type { TickContext } from "./context.ts";
import { toInstant } from "./identifiers.ts";
import type { GroupInstance } from "./observation.ts";
import { startedTerraform } from "./start-terraform.ts";

/** An instance that works for no deployment should have retired itself long before. */
const STRAY_GRACE_MS = 10 * 60_000;

/** Brings the deploy group back to 0 and ends instances that work for no deployment. */
export function tendGroup(context: TickContext): void {
  const { draft, observation, now } = context;
  const { group } = observation;
  if (group.kind === "unreadable") {
    draft.note(
      "group-unreadable",
      null,
      `the deploy group could not be read, so nothing starts in it: ${group.message}`,
    );
    return;
  }
  if (group.suspendedProcesses.includes("Launch")) {
    draft.note("launch-suspended", null, "EC2 Auto Scaling has suspended Launch for the deploy group: resume it");
  }
  const started = startedTerraform(context);
  if (started === undefined && group.desired > 0) {
    draft.act({ kind: "retire", reason: "no deployment needs an instance" });
  }
  // While a deployment is launching, any instance may be the one that will claim it.
  const free = started === undefined ? group.instances : started.holder === null ? [] : group.instances;
  const strays = free.filter(({ id, lifecycle }) => id !== started?.holder?.instance && !isLeaving(lifecycle));
  const since = Object.fromEntries(strays.map(({ id }) => [id, draft.strays()[id] ?? toInstant(now)]));
  draft.setStrays(since);
  for (const [instance, first] of Object.entries(since)) {
    if (now.getTime() - Date.parse(first) < STRAY_GRACE_MS) continue;
    draft.act({ kind: "terminate", instance, reason: `works for no deployment since ${first}` });
  }
}

function isLeaving(lifecycle: GroupInstance["lifecycle"]): boolean {
  return lifecycle.startsWith("Terminat") || lifecycle.startsWith("Detach");
}
