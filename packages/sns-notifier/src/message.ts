import {
  areaTitle,
  type DeploymentReport,
  describeBrokenLock,
  describeDuration,
  describeNext,
  describePlan,
  retryCommand,
} from "@windlass/deployment";
import { redactText } from "@windlass/redaction";
import { hasFailed, verbOf } from "./subject.ts";

const LONGEST_EXCERPT = 4_000;

/** Plain text, for mail and chat; every secret taken out. */
export function messageOf(report: DeploymentReport, commitUrl: string | null): string {
  const { image, area, digest, commit, deployment, plan, logUrl } = report;
  const duration = describeDuration(report);
  const lines = [
    `${verbOf(report)} ${image} in ${areaTitle(area)}`,
    "",
    `image       ${image} ${digest}`,
    ...(commit === null ? [] : [`commit      ${commit}${commitUrl === null ? "" : `  ${commitUrl}`}`]),
    `deployment  ${deployment}${report.attempt > 1 ? `, attempt ${report.attempt}` : ""}`,
    ...(report.outcome === null ? [] : [`outcome     ${report.outcome}`]),
    ...(plan === null ? [] : [`plan        ${describePlan(plan)}`]),
    ...(duration === null ? [] : [`duration    ${duration}`]),
    ...(logUrl === null ? [] : [`log         ${logUrl}`]),
    ...describeRemarks(report),
    ...describeFailure(report),
    ...describeEnd(report),
  ];
  return redactText(`${lines.join("\n")}\n`);
}

/** What people should know though nothing failed; mostly nothing. */
function describeRemarks(report: DeploymentReport): readonly string[] {
  const lock = describeBrokenLock(report);
  const remarks = [
    ...(report.noop ? ["There was nothing to change."] : []),
    ...(lock === null ? [] : [lock]),
    ...report.notes,
  ];
  return remarks.length === 0 ? [] : ["", ...remarks];
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

/** What is live, what happens next, and what a person can do; nothing where all went well. */
function describeEnd(report: DeploymentReport): readonly string[] {
  const { retryAt, lastGood } = report;
  if (!hasFailed(report)) return [];
  const commit = lastGood?.commit == null ? "" : ` (${lastGood.commit})`;
  const live = lastGood === null ? [] : [`Live is ${lastGood.digest}${commit}.`];
  return ["", ...live, describeNext(report), ...(retryAt === null ? ["", retryCommand(report)] : [])];
}
