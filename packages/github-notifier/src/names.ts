import { areaTitle, type DeploymentReport } from "@windlass/deployment";

/** Of the label by which Windlass finds its issues. */
export const ISSUE_LABEL = "windlass";

/** `Deploy to Production`; with the image where the repository has another name, since it may have several images. */
export function checkName({ area, image }: DeploymentReport, repository: string): string {
  return `Deploy to ${areaTitle(area)}${suffixOf(image, repository)}`;
}

export function issueTitle({ area, image }: DeploymentReport, repository: string): string {
  return `Deploy to ${areaTitle(area)} Failed${suffixOf(image, repository)}`;
}

export function deploymentTask({ image }: DeploymentReport, repository: string): string {
  return image === repository ? "deploy" : `deploy:${image}`;
}

function suffixOf(image: string, repository: string): string {
  return image === repository ? "" : ` (${image})`;
}

/**
 * A text in which nothing passes for a marker: what failed may say anything, and issues and comments are told apart by
 * their markers alone.
 */
export function spoilMarkers(text: string): string {
  return text.replaceAll(/<!--(?=\s*windlass:)/gi, "<! --");
}

/** Names the issue of an image in an area; people do not see it. */
export function issueMarker({ workload, area, image }: DeploymentReport): string {
  return `<!-- windlass:issue workload=${workload} area=${area} image=${image} -->`;
}

/** Names the deployment that a text is about; people do not see it. */
export function deploymentMarker({ deployment }: DeploymentReport): string {
  return `<!-- windlass:deployment ${deployment} -->`;
}
