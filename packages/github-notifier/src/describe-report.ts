import type { DeploymentReport } from "@windlass/deployment";
import { redactText } from "@windlass/redaction";
import { areaTitle } from "./names.ts";
import { shortenLines } from "./shorten-lines.ts";

/** Far below what GitHub takes: it is an excerpt, the log has all of it. */
const LONGEST_EXCERPT = 20_000;

/** What is known of a deployment, as a Markdown list. */
export function describeFacts(report: DeploymentReport): string {
  const { image, area, digest, commit, deployment, attempt, logUrl } = report;
  const lines = [
    `- Image: \`${image}\` \`${digest}\``,
    `- Area: ${areaTitle(area)}`,
    ...(commit === null ? [] : [`- Commit: ${commit}`]),
    `- Deployment: \`${deployment}\`${attempt > 1 ? `, attempt ${attempt}` : ""}`,
    ...(report.outcome === null ? [] : [`- Outcome: ${report.outcome}`]),
    ...describePlan(report),
    ...describeDuration(report),
    ...(logUrl === null ? [] : [`- Log: [in the area's account](${logUrl}), or \`windlass logs ${deployment}\``]),
  ];
  return lines.join("\n");
}

function describePlan({ plan }: DeploymentReport): readonly string[] {
  return plan === null ? [] : [`- Plan: \`+${plan.add} ~${plan.change} -${plan.destroy}\``];
}

function describeDuration({ startedAt, endedAt }: DeploymentReport): readonly string[] {
  if (startedAt === null) return [];
  if (endedAt === null) return [`- Started: ${startedAt}`];
  const seconds = Math.max(0, Math.round((Date.parse(endedAt) - Date.parse(startedAt)) / 1000));
  const minutes = Math.floor(seconds / 60);
  return [`- Duration: ${minutes > 0 ? `${minutes} min ` : ""}${seconds % 60} s, ended ${endedAt}`];
}

/** The error in a code block, redacted; null where there is none. */
export function describeFailure({ failure }: DeploymentReport): string | null {
  if (failure === null) return null;
  const text = shortenLines(redactText(failure.message), LONGEST_EXCERPT);
  const hint = failure.hint === null ? "" : `\n\n${redactText(failure.hint)}`;
  return `**${failure.code}**\n\n${codeBlock(text)}${hint}`;
}

/** A fence that nothing in the text can close. */
function codeBlock(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(Math.max(3, longest + 1));
  return `${fence}text\n${text}\n${fence}`;
}

/** What happens next, in one sentence. */
export function describeNext(report: DeploymentReport): string {
  const { stage, outcome, retryAt, image, area } = report;
  if (stage === "waiting")
    return report.waitingFor === null ? "It waits." : `It waits: ${redactText(report.waitingFor)}.`;
  if (stage === "running") return "It is being deployed.";
  if (retryAt !== null) return `It is tried again by itself, at ${retryAt}.`;
  switch (outcome) {
    case "succeeded":
      return report.isLive
        ? `It is live in ${areaTitle(area)}.`
        : "It was live; another deployment has taken its place.";
    case "superseded":
      return "A newer head has taken its place before it began.";
    case "cancelled":
      return "A person cancelled it.";
    case "state-unsaved":
    case "unknown":
      return `\`${image}\` is blocked in ${areaTitle(area)} until a person has looked and unblocks it.`;
    default:
      return "It is not tried again until there is a new head, or a person asks for it.";
  }
}

/** The exact commands for whoever takes care of a failure. */
export function describeCommands({ image, area, deployment, outcome, lastGood }: DeploymentReport): string {
  const command = (verb: string, more = "") => `windlass ${verb} ${image} --area ${area}${more} --reason "..."`;
  const blocked = outcome === "state-unsaved" || outcome === "unknown";
  const lines = [
    "# see the whole log",
    `windlass logs ${deployment}`,
    blocked ? "# once you have looked: let it deploy again" : "# try it again",
    command(blocked ? "unblock" : "retry"),
    ...(lastGood === null ? [] : ["# stay at the last good digest", command("hold", ` --digest ${lastGood.digest}`)]),
  ];
  return `\`\`\`sh\n${lines.join("\n")}\n\`\`\``;
}
