import type { DeploymentReport } from "@windlass/deployment";
import { redactText } from "@windlass/redaction";
import { areaTitle, verbOf } from "./subject.ts";

const LONGEST_EXCERPT = 4_000;

/** Plain text, for mail and chat; every secret taken out. */
export function messageOf(report: DeploymentReport, commitUrl: string | null): string {
  const { image, area, digest, commit, deployment, logUrl } = report;
  const lines = [
    `${verbOf(report)} ${image} in ${areaTitle(area)}`,
    "",
    `image       ${image} ${digest}`,
    ...(commit === null ? [] : [`commit      ${commit}${commitUrl === null ? "" : `  ${commitUrl}`}`]),
    `deployment  ${deployment}${report.attempt > 1 ? `, attempt ${report.attempt}` : ""}`,
    ...(report.outcome === null ? [] : [`outcome     ${report.outcome}`]),
    ...describePlan(report),
    ...describeDuration(report),
    ...(logUrl === null ? [] : [`log         ${logUrl}`]),
    ...describeFailure(report),
    ...describeNext(report),
  ];
  return redactText(`${lines.join("\n")}\n`);
}

function describePlan({ plan }: DeploymentReport): readonly string[] {
  return plan === null ? [] : [`plan        +${plan.add} ~${plan.change} -${plan.destroy}`];
}

function describeDuration({ startedAt, endedAt }: DeploymentReport): readonly string[] {
  if (startedAt === null || endedAt === null) return [];
  const seconds = Math.max(0, Math.round((Date.parse(endedAt) - Date.parse(startedAt)) / 1000));
  const minutes = Math.floor(seconds / 60);
  return [`duration    ${minutes > 0 ? `${minutes} min ` : ""}${seconds % 60} s`];
}

function describeFailure({ failure }: DeploymentReport): readonly string[] {
  if (failure === null) return [];
  const hint = failure.hint === null ? [] : ["", failure.hint];
  return ["", `${failure.code}:`, ...excerpt(failure.message.split("\n")), ...hint];
}

/** The first lines that fit, whole. */
function excerpt(lines: readonly string[]): readonly string[] {
  const kept: string[] = [];
  let length = 0;
  for (const line of lines) {
    length += line.length + 1;
    if (length > LONGEST_EXCERPT) return [...kept, `[${lines.length - kept.length} more lines are in the log]`];
    kept.push(line);
  }
  return kept;
}

function describeNext({ stage, outcome, retryAt, image, area, lastGood }: DeploymentReport): readonly string[] {
  if (stage !== "ended") return [];
  if (retryAt !== null) return ["", `It is tried again at ${retryAt}.`];
  const command = (verb: string) => `windlass ${verb} ${image} --area ${area} --reason "..."`;
  const live =
    lastGood === null ? [] : [`Live is ${lastGood.digest}${lastGood.commit === null ? "" : ` (${lastGood.commit})`}.`];
  switch (outcome) {
    case "failed":
    case "lost":
    case "never-started":
      return ["", ...live, `It is not tried again until there is a new head, or: ${command("retry")}`];
    case "state-unsaved":
    case "unknown":
      return ["", ...live, `The image is blocked until a person has looked: ${command("unblock")}`];
    default:
      return [];
  }
}
