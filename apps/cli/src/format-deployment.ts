import type { DeploymentView } from "@windlass/area-view";
import { describePlan } from "@windlass/deployment";
import type { CliWorld } from "./cli-world.ts";
import { stateStyle } from "./format-history.ts";
import { type Style, styleOf } from "./style.ts";
import { formatSeconds, formatTime, formatVersion } from "./words.ts";

/** One deployment for people: what it is, how it went, and where to read on. */
export function formatDeployment(view: DeploymentView, screen: Pick<CliWorld, "terminal" | "env">): string {
  const style = styleOf(screen);
  const facts = factsOf(view, style);
  const width = Math.max(...facts.map(([name]) => name.length));
  return [
    ...facts.map(([name, value]) => `${style.dim(name.padEnd(width))}  ${value}\n`),
    ...section(
      "Timeline (UTC)",
      view.timeline.map(({ at, text }) => `${formatTime(at)}  ${text}`),
      style,
    ),
    ...section("Steps", view.steps.map(describeStep), style),
    ...section("Groups", view.groups.map(describeGroup), style),
    ...section("Reports", view.reports.map(describeReport), style),
    ...section("Notes", view.notes, style),
  ].join("");
}

type Fact = readonly [string, string];

function factsOf(view: DeploymentView, style: Style): readonly Fact[] {
  const { deployment, image, area, kind, state, attempt, digest, commit, plan, failure, links } = view;
  const facts: readonly (Fact | null)[] = [
    ["deployment", style.bold(deployment)],
    ["image", `${image} (${kind}) in ${area}`],
    ["version", commit === null ? digest : `${formatVersion(view)}  ${digest}`],
    ["state", `${stateStyle(style, state)(state)}${progressOf(view)}, attempt ${attempt}`],
    fact("waits for", view.untaken, (outcome) => `the next tick, which takes the result: ${outcome}`),
    fact("took", view.seconds, formatSeconds),
    fact("plan", plan, (counts) => (view.noop ? "nothing to change" : describePlan(counts))),
    fact("instance", view.instance),
    fact("failure", failure, ({ code, message }) => style.bad(`${message} (${code})`)),
    fact("mend", failure?.hint ?? null),
    fact("broke lock", view.brokenLock, ({ holder }) => `of ${holder}, whose instance is gone`),
    fact("commit", links.commit),
    fact("check", links.check),
    fact("issue", links.issue),
    fact("log", links.log),
  ];
  return facts.filter((one) => one !== null);
}

function fact<T>(name: string, value: T | null, describe: (value: T) => string = String): Fact | null {
  return value === null ? null : [name, describe(value)];
}

function progressOf({ endedAt, phase, progress }: DeploymentView): string {
  if (endedAt !== null || phase === null) return "";
  return ` (${phase}${progress === null ? "" : ` ${progress}`})`;
}

function describeStep({ step, exitCode, seconds }: DeploymentView["steps"][number]): string {
  return `${step.padEnd(10)}  exit code ${exitCode}, ${formatSeconds(seconds)}`;
}

function describeGroup({ group, stage, status, percentage, reason }: DeploymentView["groups"][number]): string {
  const parts = [
    status ?? "not started",
    ...(percentage === null ? [] : [`${percentage}%`]),
    ...(reason === null ? [] : [reason]),
  ];
  return `${group}  ${stage}: ${parts.join(", ")}`;
}

function describeReport({ place, shown, url, trouble }: DeploymentView["reports"][number]): string {
  const said = trouble === null ? (shown ?? "nothing yet") : `${shown ?? "nothing"}: ${trouble}`;
  return `${place.padEnd(10)}  ${said}${url === null ? "" : `  ${url}`}`;
}

function section(title: string, lines: readonly string[], style: Style): readonly string[] {
  return lines.length === 0 ? [] : ["\n", `${style.bold(title)}\n`, ...lines.map((line) => `  ${line}\n`)];
}
