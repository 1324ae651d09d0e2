import type { ImageView, VersionView } from "@windlass/area-view";
import type { RuleAnswer } from "@windlass/deployment";
import type { CliWorld } from "./cli-world.ts";
import type { ExplanationView } from "./explain.ts";
import { describeLimits } from "./format-plan.ts";
import { type Style, standingStyle, styleOf } from "./style.ts";
import { formatAge, formatTime, formatVersion } from "./words.ts";

const RULE_MARKS: Readonly<Record<RuleAnswer["kind"], string>> = { passes: "+", stops: "x", "not-asked": "-" };

/** Why an image is where it is, for people: the answer first, then every rule with its own. */
export function formatExplanation(explanation: ExplanationView, screen: Pick<CliWorld, "terminal" | "env">): string {
  const style = styleOf(screen);
  const { image, area, behind, rules, at } = explanation;
  return [
    ...describeLimits(explanation, style),
    `${style.bold(image.image)} in ${area}  ${standingStyle(style, image.standing)(image.text)}\n`,
    ...behind.map((one, depth) => `${"  ".repeat(depth + 1)}${one.image}  ${one.text}\n`),
    "\n",
    ...columns(factsOf(image, new Date(at)).map(([name, value]) => [style.dim, name, value])),
    `\n${style.bold("Rules, in the order in which a tick looks at them")}\n`,
    ...columns(
      rules.map(({ rule, kind, because }) => [ruleStyle(style, kind), `${RULE_MARKS[kind]} ${rule}`, because]),
    ),
    ...formatFailure(image, style),
  ].join("");
}

type Row = readonly [(text: string) => string, string, string];

function columns(rows: readonly Row[]): readonly string[] {
  const width = Math.max(0, ...rows.map(([, name]) => name.length));
  return rows.map(([style, name, value]) => `  ${style(name.padEnd(width))}  ${value}\n`);
}

function ruleStyle(style: Style, kind: RuleAnswer["kind"]): (text: string) => string {
  return { passes: style.good, stops: style.bad, "not-asked": style.dim }[kind];
}

function factsOf({ head, live, deployment }: ImageView, now: Date): readonly (readonly [string, string])[] {
  return [
    ["head", head === null ? "no image carries this area's tag" : `${version(head)}${pushed(head.pushedAt, now)}`],
    ["live", live === null ? "nothing" : `${version(live)}, since ${formatTime(live.since)}`],
    ["deployment", deployment === null ? "none" : `${deployment.deployment} ${deployment.state}`],
  ];
}

function version(view: VersionView): string {
  return view.commit === null ? view.digest : `${formatVersion(view)} ${view.digest}`;
}

function pushed(at: string | null, now: Date): string {
  return at === null ? "" : `, pushed ${formatAge(at, now)} ago`;
}

function formatFailure({ failure }: ImageView, style: Style): readonly string[] {
  if (failure === null) return [];
  const { deployment, outcome, message, hint, links } = failure;
  const said = `${outcome} (${deployment})${message === null ? "" : `: ${message}`}`;
  const lines = [said, hint, links.issue, links.check, links.log];
  return [`\n${style.bold("Last failure")}\n`, ...lines.flatMap((line) => (line === null ? [] : [`  ${line}\n`]))];
}
