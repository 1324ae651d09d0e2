import type { ImageView, VersionView } from "@windlass/area-view";
import type { CliWorld } from "./cli-world.ts";
import type { ExplanationView } from "./explain.ts";
import { describeLimits } from "./format-plan.ts";
import { type Style, standingStyle, styleOf } from "./style.ts";
import { formatAge, formatTime, formatVersion } from "./words.ts";

/** Why an image is where it is, for people: the answer first, then what it rests on. */
export function formatExplanation(explanation: ExplanationView, screen: Pick<CliWorld, "terminal" | "env">): string {
  const style = styleOf(screen);
  const { image, area, behind } = explanation;
  const facts = factsOf(explanation, new Date(explanation.at));
  const width = Math.max(...facts.map(([name]) => name.length));
  return [
    ...describeLimits(explanation, style),
    `${style.bold(image.image)} in ${area}  ${standingStyle(style, image.standing)(image.text)}\n`,
    ...behind.map((one, depth) => `${"  ".repeat(depth + 1)}${one.image}  ${one.text}\n`),
    "\n",
    ...facts.map(([name, value]) => `  ${style.dim(name.padEnd(width))}  ${value}\n`),
    ...formatFailure(image, style),
  ].join("");
}

type Fact = readonly [string, string];

function factsOf({ image, window, paused }: ExplanationView, now: Date): readonly Fact[] {
  const { head, live, hold, block, attempts, deployNow, deployment, after } = image;
  return [
    ["head", head === null ? "no image carries this area's tag" : `${version(head)}${pushed(head.pushedAt, now)}`],
    ["live", live === null ? "nothing" : `${version(live)}, since ${formatTime(live.since)}`],
    ...(live?.disturbed === true ? [["", "a later deployment may have changed the account since"] as const] : []),
    ["hold", hold === null ? "none" : `at ${hold.digest ?? "nothing"} by ${hold.request.by}: ${hold.request.reason}`],
    ["block", block === null ? "none" : `${block.outcome} (${block.deployment})`],
    ["attempts", attempts === null ? "none failed" : describeAttempts(attempts)],
    ["after", after.length === 0 ? "nothing" : after.join(", ")],
    ["window", describeWindow(window)],
    ["deploy-now", deployNow === null ? "none" : `by ${deployNow.by}: ${deployNow.reason}`],
    ["paused", paused === null ? "no" : `by ${paused.by}: ${paused.reason}`],
    ["deployment", deployment === null ? "none" : `${deployment.deployment} ${deployment.state}`],
  ];
}

function version(view: VersionView): string {
  return view.commit === null ? view.digest : `${formatVersion(view)} ${view.digest}`;
}

function pushed(at: string | null, now: Date): string {
  return at === null ? "" : `, pushed ${formatAge(at, now)} ago`;
}

function describeAttempts({
  failed,
  interrupted,
  cancelled,
  notBefore,
  last,
}: NonNullable<ImageView["attempts"]>): string {
  const counts = [`${failed} failed`, `${interrupted} interrupted`, ...(cancelled ? ["cancelled"] : [])].join(", ");
  return `${counts}; last ${last.outcome} (${last.deployment})${notBefore === null ? "" : `, none before ${notBefore}`}`;
}

function describeWindow(window: ExplanationView["window"]): string {
  if (window.kind === "open") return `open${window.closesAt === null ? "" : ` until ${window.closesAt}`}`;
  const frozen = window.freeze === null ? "" : ` (freeze: ${window.freeze})`;
  return `closed, opens ${window.opensAt ?? "not within a year"}${frozen}`;
}

function formatFailure({ failure }: ImageView, style: Style): readonly string[] {
  if (failure === null) return [];
  const { deployment, outcome, message, hint, links } = failure;
  const lines = [
    `${outcome} (${deployment})${message === null ? "" : `: ${message}`}`,
    hint,
    links.issue,
    links.check,
    links.log,
  ];
  return ["\n", style.bold("Last failure\n"), ...lines.flatMap((line) => (line === null ? [] : [`  ${line}\n`]))];
}
