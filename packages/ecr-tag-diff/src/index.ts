export { commitFromTags } from "./commit-from-tags.ts";
export { type DigestReading, diffHeads, type HeadDiff } from "./diff-heads.ts";
export { EcrTagDiffError, type EcrTagDiffErrorCode, toUnreadable } from "./ecr-tag-diff-error.ts";
export { createHeadReader, type HeadReader, type HeadReaderOptions } from "./head-reader.ts";
export {
  createImageAccess,
  type ImageAccess,
  type ImageAccessOptions,
  type PullableImage,
  type RegistryLogin,
} from "./image-access.ts";
export type { HeadSource } from "./read-digests.ts";
