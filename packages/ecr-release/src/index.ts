export {
  createReleaser,
  type Release,
  type ReleaseRequest,
  type Releaser,
  type ReleaserOptions,
} from "./create-releaser.ts";
export type { TagPut } from "./plan-area.ts";
export { ReleaseError, type ReleaseErrorCode } from "./release-error.ts";
export { commitTag, keepTag, keepTags, pastHeads, timeTag } from "./release-tags.ts";
