import type { AreaView, ImageView } from "@windlass/area-view";
import { formatVersion } from "../words.ts";

/** Something that is otherwise than it was, in words. */
export interface Change {
  /** Null: it is about the whole area. */
  readonly image: string | null;
  readonly what: "pause" | "hold" | "block" | "attempts" | "deploy-now" | "deployment" | "stands";
  readonly before: string;
  readonly after: string;
}

/** What a tick changed, as far as controls can: in one image, or in the whole area. */
export function listChanges(before: AreaView, after: AreaView, image: string | null): readonly Change[] {
  const ofArea = [{ image: null, what: "pause" as const, before: pauseOf(before), after: pauseOf(after) }];
  const ofImages = after.images
    .filter((one) => image === null || one.image === image)
    .flatMap((now) => {
      const then = before.images.find((one) => one.image === now.image);
      return then === undefined ? [] : compare(then, now);
    });
  return [...ofArea, ...ofImages].filter((change) => change.before !== change.after);
}

function pauseOf({ paused }: AreaView): string {
  return paused === null ? "not paused" : `paused by ${paused.by}: ${paused.reason}`;
}

function compare(before: ImageView, after: ImageView): readonly Change[] {
  const [then, now] = [describe(before), describe(after)];
  return now.map(([what, text], index) => ({
    image: after.image,
    what,
    before: then[index]?.[1] ?? "",
    after: text,
  }));
}

function describe(view: ImageView): readonly (readonly [Exclude<Change["what"], "pause">, string])[] {
  const { hold, block, attempts, deployNow, deployment, text } = view;
  const held = hold?.digest == null ? "nothing" : formatVersion({ digest: hold.digest, commit: hold.commit });
  return [
    ["hold", hold === null ? "not held" : `held at ${held} by ${hold.request.by}: ${hold.request.reason}`],
    ["block", block === null ? "not blocked" : `blocked by ${block.deployment} (${block.outcome})`],
    ["attempts", attempts === null ? "none failed" : `last ${attempts.last.outcome} (${attempts.last.deployment})`],
    ["deploy-now", deployNow === null ? "not asked for" : `asked for by ${deployNow.by}: ${deployNow.reason}`],
    ["deployment", deployment === null ? "none" : describeDeployment(deployment)],
    ["stands", text],
  ];
}

function describeDeployment(deployment: NonNullable<ImageView["deployment"]>): string {
  const stopping = deployment.cancel === null ? "" : `, asked to stop by ${deployment.cancel.by}`;
  return `${deployment.deployment} of ${formatVersion(deployment)} ${deployment.state}${stopping}`;
}
