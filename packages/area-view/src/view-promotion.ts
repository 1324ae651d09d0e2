import type { Deployment } from "@windlass/deployment";
import type { AreaView, ImageView, VersionView } from "./area-view.ts";

/** What one area has and the next one has not. */
export interface PromotionView {
  readonly from: string;
  readonly to: string;
  readonly images: readonly PromotedImage[];
}

export interface PromotedImage {
  readonly image: string;
  /**
   * - `same`: both run the same digest.
   * - `ahead`: the first area runs what the second has not had yet.
   * - `behind`: the second area has had it before, and runs something else now.
   * - `none`: nothing is live in the first area.
   */
  readonly kind: "same" | "ahead" | "behind" | "none";
  readonly from: VersionView | null;
  readonly to: VersionView | null;
  /**
   * What went live in the first area since it ran what the second runs now, newest first; it begins with `from`. Complete
   * only as far as the history was read. Empty unless `ahead`.
   */
  readonly versions: readonly VersionView[];
  /** The second area's tag is there already: it waits for that area alone. */
  readonly released: boolean;
  /** Where the image stands in the second area, in words. */
  readonly text: string;
}

export interface PromotionStep {
  readonly view: AreaView;
  /** Deployments of the area's history, as far as they were read, in the order in which they were decided. */
  readonly ended: readonly Deployment[];
}

/** For each area and the one after it: what is live in the first and not yet in the second. */
export function viewPromotion(areas: readonly PromotionStep[]): readonly PromotionView[] {
  return areas.flatMap((from, index) => {
    const to = areas[index + 1];
    if (to === undefined) return [];
    const images = to.view.images.flatMap((image) => {
      const before = from.view.images.find((one) => one.image === image.image);
      return before === undefined ? [] : [promote({ before, after: image, from, to })];
    });
    return [{ from: from.view.area, to: to.view.area, images }];
  });
}

interface Compared {
  readonly before: ImageView;
  readonly after: ImageView;
  readonly from: PromotionStep;
  readonly to: PromotionStep;
}

function promote(compared: Compared): PromotedImage {
  const { before, after } = compared;
  const { live } = before;
  const common = { image: after.image, to: after.live === null ? null : versionOf(after.live), text: after.text };
  if (live === null) return { ...common, kind: "none", from: null, versions: [], released: false };
  const kind = compare(live, compared);
  const versions = kind === "ahead" ? versionsSince(live, compared) : [];
  return { ...common, kind, from: versionOf(live), versions, released: after.head?.digest === live.digest };
}

function compare(live: VersionView, { after, to }: Compared): PromotedImage["kind"] {
  if (live.digest === after.live?.digest) return "same";
  const had = after.previous?.digest === live.digest || successes(to.ended, after.image).some(hasDigest(live));
  return had ? "behind" : "ahead";
}

function versionsSince(live: VersionView, { before, after, from }: Compared): readonly VersionView[] {
  const newestFirst = [versionOf(live), ...earlier(before, from)];
  const until = after.live === null ? -1 : newestFirst.findIndex(hasDigest(after.live));
  const since = until < 0 ? newestFirst : newestFirst.slice(0, until);
  return since.filter((version, index) => since.findIndex(hasDigest(version)) === index);
}

function earlier(before: ImageView, { ended }: PromotionStep): readonly VersionView[] {
  const deployed = successes(ended, before.image)
    .toReversed()
    .map(({ digest, commit }) => ({ digest, commit, commitUrl: siblingUrl(before, commit) }));
  return deployed.length === 0 && before.previous !== null ? [versionOf(before.previous)] : deployed;
}

function successes(ended: readonly Deployment[], image: string): readonly Deployment[] {
  return ended.filter((one) => one.image === image && one.state === "succeeded");
}

function hasDigest({ digest }: Pick<VersionView, "digest">) {
  return (other: Pick<VersionView, "digest">) => other.digest === digest;
}

function versionOf({ digest, commit, commitUrl }: VersionView): VersionView {
  return { digest, commit, commitUrl };
}

/** The page of another commit in the repository whose page of one commit is known. */
function siblingUrl({ live }: ImageView, commit: string | null): string | null {
  if (commit === null || live?.commitUrl == null) return null;
  return `${live.commitUrl.slice(0, live.commitUrl.lastIndexOf("/"))}/${commit}`;
}
