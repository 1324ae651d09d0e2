import { areaTitle, type DeploymentReport } from "@windlass/deployment";

/** https://docs.aws.amazon.com/sns/latest/api/API_Publish.html#API_Publish_RequestParameters */
const LONGEST_SUBJECT = 100;

/** `Failed to deploy dga-web in Production #cc83ec5`: ASCII, at most 100 characters. */
export function subjectOf(report: DeploymentReport): string {
  const { image, area } = report;
  const [before, version] = [`${verbOf(report)} `, ` ${versionOf(report)}`];
  const place = ` in ${areaTitle(area)}`;
  const rest = before.length + version.length;
  // The longer of both names gives way first.
  const shortArea = cutMiddle(place, Math.max(20, LONGEST_SUBJECT - rest - image.length));
  const shortImage = cutMiddle(image, LONGEST_SUBJECT - rest - shortArea.length);
  return toAscii(`${before}${shortImage}${shortArea}${version}`);
}

/** Whether it came to an end that takes somebody to look at it. */
export function hasFailed({ stage, outcome }: DeploymentReport): boolean {
  return stage === "ended" && outcome !== "succeeded" && outcome !== "superseded" && outcome !== "cancelled";
}

export function verbOf({ stage, outcome }: DeploymentReport): string {
  if (stage !== "ended") return "Deploying";
  switch (outcome) {
    case "succeeded":
      return "Deployed";
    case "superseded":
      return "Superseded";
    case "cancelled":
      return "Cancelled";
    default:
      return "Failed to deploy";
  }
}

function versionOf({ commit, digest }: DeploymentReport): string {
  return commit === null ? `@${digest.slice("sha256:".length).slice(0, 7)}` : `#${commit.slice(0, 7)}`;
}

function cutMiddle(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const kept = limit - 3;
  return `${text.slice(0, Math.ceil(kept / 2))}...${text.slice(text.length - Math.floor(kept / 2))}`;
}

function toAscii(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, "?");
}
