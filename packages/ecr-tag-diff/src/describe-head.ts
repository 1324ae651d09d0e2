import { DescribeImagesCommand } from "@aws-sdk/client-ecr";
import { type Head, type ImageDigest, type Instant, toInstant } from "@windlass/deployment";
import { callRegistry, type RegistrySession } from "./call-registry.ts";
import { commitFromTags } from "./commit-from-tags.ts";
import { downloadBlob } from "./download-blob.ts";
import { EcrTagDiffError } from "./ecr-tag-diff-error.ts";
import { commitInConfig, type Manifest, parseManifest } from "./manifest.ts";
import { readManifests } from "./read-manifests.ts";

/** An index may hold an index; deeper than this nobody nests them. */
const deepestIndex = 3;

export interface FoundImage {
  readonly repository: string;
  readonly digest: ImageDigest;
  /** The manifest's text. */
  readonly manifest: string;
}

export interface Patience {
  /** True: throw what may be better next time. False: make do without what can not be read. */
  readonly patient: boolean;
}

/**
 * Adds push time and commit to a digest. Both are for people: what is refused for good is null, and a commit that
 * nobody recorded is null.
 */
export async function describeHead(session: RegistrySession, image: FoundImage, patience: Patience): Promise<Head> {
  const details = await orNull(describeImage(session, image), patience);
  const commit = commitFromTags(details?.tags ?? []) ?? (await orNull(commitFromManifest(session, image), patience));
  return { digest: image.digest, commit, pushedAt: details?.pushedAt ?? null };
}

interface ImageDetails {
  readonly pushedAt: Instant | null;
  readonly tags: readonly string[];
}

/** By digest, since a tag may have moved on; and for one image only: DescribeImages fails whole if one is missing. */
async function describeImage(session: RegistrySession, image: FoundImage): Promise<ImageDetails> {
  const { repository, digest } = image;
  const answer = await callRegistry(session, { action: "DescribeImages", repository }, (options) =>
    session.client.send(
      new DescribeImagesCommand({
        registryId: session.registryId,
        repositoryName: repository,
        imageIds: [{ imageDigest: digest }],
      }),
      options,
    ),
  );
  const details = answer.imageDetails?.[0];
  return {
    pushedAt: details?.imagePushedAt === undefined ? null : toInstant(details.imagePushedAt),
    tags: details?.imageTags ?? [],
  };
}

/** An annotation of the manifest itself costs nothing; the label in the configuration costs two calls. */
async function commitFromManifest(session: RegistrySession, image: FoundImage): Promise<string | null> {
  const { repository } = image;
  let manifest = parseManifest(image.manifest);
  for (let depth = 1; manifest.kind === "index" && depth <= deepestIndex; depth += 1) {
    if (manifest.commit !== null) return manifest.commit;
    if (manifest.firstPlatform === null) return null;
    manifest = await readManifest(session, repository, manifest.firstPlatform);
  }
  if (manifest.kind !== "image") return null;
  if (manifest.commit !== null || manifest.config === null) return manifest.commit;
  return commitInConfig(await downloadBlob(session, repository, manifest.config));
}

async function readManifest(session: RegistrySession, repository: string, digest: string): Promise<Manifest> {
  const [reading] = await readManifests(session, repository, [{ imageDigest: digest }]);
  if (reading?.kind === "failed") throw reading.error;
  return reading?.kind === "manifest" ? parseManifest(reading.text) : { kind: "other" };
}

async function orNull<T>(work: Promise<T>, { patient }: Patience): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof EcrTagDiffError) || error.code === "aborted") throw error;
    if (error.retryable && patient) throw error;
    return null;
  }
}
