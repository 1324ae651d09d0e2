import { areaTitle, type Control } from "@windlass/deployment";
import { formatVersion } from "../words.ts";
import type { ActDeployment, ActView } from "./act-view.ts";

/** What is asked for, as a sentence without its end: `hold dga-web in production at c56d3e2`. */
export function describeControl(control: Control, { area, version }: { area: string; version: string | null }): string {
  switch (control.kind) {
    case "pause":
    case "resume":
      return `${control.kind} ${area}`;
    case "hold":
      return `hold ${control.image} in ${area} at ${version ?? "what is live"}`;
    case "cancel":
      return `cancel ${control.deployment ?? "the deployment"} of ${control.image} in ${area}`;
    case "unhold":
    case "retry":
    case "unblock":
    case "deploy-now":
      return `${control.kind} ${control.image} in ${area}`;
  }
}

/** What a person is asked before it is sent. */
export function formatQuestion(view: ActView, what: string): string {
  const consequences = listConsequences(view).map((line) => `  ${line}\n`);
  return `${areaTitle(view.area)}: ${what}?\n${consequences.join("")}Go on?`;
}

export function formatAct(view: ActView, what: string): string {
  const { control } = view;
  switch (view.kind) {
    case "nothing-to-do":
      return `Nothing to do: ${view.because}.\n`;
    case "declined":
      return "Nothing was sent.\n";
    case "planned":
      return `Would ${what}.\n${lines(view)}`;
    case "sent":
      return `Sent: ${what}, by ${control.by}: ${control.reason} (${control.id}).\n${lines(view)}The next tick takes it.\n`;
    case "not-taken":
      return `Sent: ${what}, by ${control.by}: ${control.reason} (${control.id}).\nNo tick has taken it yet; the next one does.\n`;
    case "taken":
      return `Done: ${what}, by ${control.by}: ${control.reason} (${control.id}).\n${formatChanges(view)}`;
  }
}

function lines(view: ActView): string {
  return listConsequences(view)
    .map((line) => `${line}\n`)
    .join("");
}

function listConsequences({ begins, ends, because }: ActView): readonly string[] {
  return [
    ...(because === null ? [] : [`This version: ${because}.`]),
    ...begins.map((one) => `It deploys ${describe(one)}, as soon as every rule lets it start.`),
    ...ends.map((one) => `It ends the waiting deployment ${one.deployment} of ${describe(one)}.`),
    ...(begins.length + ends.length === 0 ? ["It starts and ends no deployment by itself."] : []),
  ];
}

function describe({ image, digest, commit }: ActDeployment): string {
  return `${image} ${formatVersion({ digest, commit })} (${digest})`;
}

function formatChanges({ changes }: ActView): string {
  if (changes.length === 0) return "The tick found nothing to change.\n";
  return changes
    .map(({ image, what, before, after }) => `${image === null ? "" : `${image} `}${what}: ${before} -> ${after}\n`)
    .join("");
}
