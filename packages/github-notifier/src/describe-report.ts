import {
  areaTitle,
  type DeploymentReport,
  describeBrokenLock,
  describeDuration,
  describePlan,
  holdCommand,
  logsCommand,
  retryCommand,
} from "@windlass/deployment";
import { redactText } from "@windlass/redaction";
import { shortenLines } from "./shorten-lines.ts";

/** Far below what GitHub takes: it is an excerpt, the log has all of it. */
const LONGEST_EXCERPT = 20_000;

/** What is known of a deployment, as a Markdown list. */
export function describeFacts(report: DeploymentReport): string {
  const { image, area, digest, commit, deployment, attempt, plan, logUrl } = report;
  const lines = [
    `- Image: \`${image}\` \`${digest}\``,
    `- Area: ${areaTitle(area)}`,
    ...(commit === null ? [] : [`- Commit: ${commit}`]),
    `- Deployment: \`${deployment}\`${attempt > 1 ? `, attempt ${attempt}` : ""}`,
    ...(report.outcome === null ? [] : [`- Outcome: ${report.outcome}`]),
    ...(plan === null ? [] : [`- Plan: \`${describePlan(plan)}\``]),
    ...describeTimes(report),
    ...(logUrl === null ? [] : [`- Log: [in the area's account](${logUrl}), or \`${logsCommand(report)}\``]),
  ];
  return lines.join("\n");
}

/** ` (+3 ~1 -0)` or ` (nothing to change)`, to stand behind a state; nothing where there is no plan. */
export function describeCounts({ plan, noop }: DeploymentReport): string {
  if (noop) return " (nothing to change)";
  return plan === null ? "" : ` (${describePlan(plan)})`;
}

function describeTimes(report: DeploymentReport): readonly string[] {
  const duration = describeDuration(report);
  if (duration !== null) return [`- Duration: ${duration}, ended ${report.endedAt}`];
  return report.startedAt === null ? [] : [`- Started: ${report.startedAt}`];
}

/** The error and its hint in code blocks, redacted; null where there is none. Nothing in them notifies a person. */
export function describeFailure({ failure }: DeploymentReport): string | null {
  if (failure === null) return null;
  const hint = failure.hint === null ? "" : `\n\nHint:\n\n${describeExcerpt(failure.hint)}`;
  return `**${failure.code}**\n\n${describeExcerpt(failure.message)}${hint}`;
}

function describeExcerpt(text: string): string {
  return codeBlock(shortenLines(redactText(text), LONGEST_EXCERPT));
}

/** What people should know though nothing failed, redacted: a lock that was broken, and the run's notes. Often nothing. */
export function describeRemarks(report: DeploymentReport): readonly string[] {
  const lock = describeBrokenLock(report);
  const notes = report.notes.map((note) => redactText(note)).join("\n");
  // Whatever a note quotes, it can mention nobody and link to nothing.
  return [...(lock === null ? [] : [lock]), ...(notes === "" ? [] : [`Notes of the run:\n\n${codeBlock(notes)}`])];
}

/** A fence that nothing in the text can close. */
function codeBlock(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(Math.max(3, longest + 1));
  return `${fence}text\n${text}\n${fence}`;
}

/** The exact commands for whoever takes care of a failure. */
export function describeCommands(report: DeploymentReport): string {
  const hold = holdCommand(report);
  const lines = [
    "# see the whole log",
    logsCommand(report),
    "# once you have looked: let it be tried again",
    retryCommand(report),
    ...(hold === null ? [] : ["# stay at the last good digest", hold]),
  ];
  return `\`\`\`sh\n${lines.join("\n")}\n\`\`\``;
}
