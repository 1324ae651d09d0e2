import { type AccountMapping, areaNames, onlyArea } from "@windlass/account-mapping";
import type { Deployment, DeploymentId, Ledger } from "@windlass/deployment";
import type { Links } from "./area-view.ts";
import { githubPages } from "./github-pages.ts";
import { logUrlOf } from "./log-url.ts";

/** What the links of one image's deployments begin with. */
export interface LinkPlace {
  readonly region: string;
  readonly bucket: string;
  /** Page of the image's GitHub repository; null where the mapping names no organization. */
  readonly repository: string | null;
}

export function linkPlaceOf(slice: AccountMapping, image: string): LinkPlace {
  const { area } = onlyArea(slice);
  const { github } = slice;
  // What is no longer mapped reported to the repository of its own name by default.
  const repository = Object.hasOwn(slice.images, image) ? slice.images[image]?.github : image;
  return {
    region: area.region,
    bucket: areaNames(area).stateBucket,
    repository: github === null ? null : `${githubPages(github.apiUrl)}/${github.organization}/${repository}`,
  };
}

export function commitUrlOf({ repository }: LinkPlace, commit: string | null): string | null {
  return repository === null || commit === null ? null : `${repository}/commit/${commit}`;
}

type Linked = Pick<Deployment, "id" | "image" | "commit" | "launchedAt" | "refresh">;

/** Where people read on about a deployment. */
export function linksOf(place: LinkPlace, deployment: Linked, ledger: Ledger | null): Links {
  const { id, image, commit, launchedAt } = deployment;
  return {
    ...reportLinksOf(place, { id, image }, ledger),
    commit: commitUrlOf(place, commit),
    log: launchedAt === null ? null : logUrlOf(deployment, place),
  };
}

/** What GitHub shows about a deployment, as far as the ledger still knows. */
export function reportLinksOf(
  { repository }: LinkPlace,
  { id, image }: { readonly id: DeploymentId; readonly image: string },
  ledger: Ledger | null,
): Pick<Links, "check" | "issue"> {
  const check = ledger?.reports[id]?.check?.id ?? null;
  const open = ledger?.images[image]?.shown?.issue ?? null;
  const issue = ledger?.reports[id]?.issue?.id ?? open?.number ?? null;
  return {
    check: repository === null || check === null ? null : `${repository}/runs/${check}`,
    issue: repository === null || issue === null ? null : `${repository}/issues/${issue}`,
  };
}
