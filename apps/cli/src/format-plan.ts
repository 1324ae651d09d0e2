import type { Action } from "@windlass/deployment";
import type { CliWorld } from "./cli-world.ts";
import type { PlanView } from "./plan.ts";
import { type Style, styleOf } from "./style.ts";
import { count, formatVersion } from "./words.ts";

/** What the next tick would do, for people. */
export function formatPlan(plan: PlanView, screen: Pick<CliWorld, "terminal" | "env">): string {
  const style = styleOf(screen);
  const doing = [
    ...plan.ended.map((one) => `  ${one.image} ${formatVersion(one)} ends: ${one.state} (${one.deployment})\n`),
    ...plan.launched.map((one) => `  ${one.image} ${formatVersion(one)} starts (${one.deployment})\n`),
    ...plan.actions.map((action) => `  ${describeAction(action)}\n`),
  ];
  const width = Math.max(0, ...plan.images.map(({ image }) => image.length));
  return [
    ...describeLimits(plan, style),
    style.bold(
      doing.length === 0 ? `The next tick in ${plan.area} does nothing.\n` : `The next tick in ${plan.area}:\n`,
    ),
    ...doing,
    "\nThen:\n",
    ...plan.images.map(({ image, text }) => `  ${image.padEnd(width)}  ${text}\n`),
    ...(plan.notes.length === 0 ? [] : ["\nNotes:\n", ...plan.notes.map(({ message }) => `  ${message}\n`)]),
  ].join("");
}

/** What this was not computed from, which a tick would see. */
export function describeLimits(
  { headsFromLedger, unreadable }: Pick<PlanView, "headsFromLedger" | "unreadable">,
  style: Style,
): readonly string[] {
  const heads =
    headsFromLedger.length === 0
      ? []
      : [
          `The heads of ${count(headsFromLedger.length, "image")} are what the last tick saw: the registry was not asked, or lets only the area's roles look.\n`,
        ];
  return [...heads, ...unreadable.map((what) => `Could not be read: ${what}\n`)].map(style.warn);
}

/** One effect on the world in one line. */
export function describeAction(action: Action): string {
  switch (action.kind) {
    case "launch":
      return `launch an instance for ${action.assignment.deployment}`;
    case "close-claim":
      return `take the claim of ${action.deployment}, which did not start`;
    case "retire":
      return `set the deploy group's capacity to 0: ${action.reason}`;
    case "terminate":
      return `terminate ${action.instance}: ${action.reason}`;
    case "request-cancel":
      return `ask ${action.cancel.deployment} to stop`;
    case "start-refresh":
      return `refresh the instances of ${action.group} with ${action.image} ${action.digest}`;
    case "cancel-refresh":
      return `cancel refresh ${action.refreshId} of ${action.group}`;
    case "append-history":
      return `put ${action.deployment.id} into the history`;
    case "delete-control":
      return `delete ${action.key}`;
  }
}
