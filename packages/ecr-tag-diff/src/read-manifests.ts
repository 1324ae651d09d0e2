import { BatchGetImageCommand, type BatchGetImageCommandOutput, type ImageIdentifier } from "@aws-sdk/client-ecr";
import { callRegistry, type RegistrySession } from "./call-registry.ts";
import { EcrTagDiffError, type EcrTagDiffErrorCode } from "./ecr-tag-diff-error.ts";
import { digestOf, manifestMediaTypes } from "./manifest.ts";

/** What the registry says about one tag or digest that was asked for. */
export type ManifestReading =
  | { readonly kind: "manifest"; readonly digest: string; readonly text: string }
  | { readonly kind: "absent" }
  | { readonly kind: "failed"; readonly error: EcrTagDiffError };

/** BatchGetImage takes 1 to 100 identifiers (API model). */
export const identifiersPerCall = 100;

/**
 * Reads manifests of one repository with one call, by tags or by digests, in the order given. Throws where the call
 * failed as a whole; what fails for one identifier is data.
 */
export async function readManifests(
  session: RegistrySession,
  repository: string,
  ids: readonly ImageIdentifier[],
): Promise<readonly ManifestReading[]> {
  const answer = await callRegistry(session, { action: "BatchGetImage", repository }, (options) =>
    session.client.send(
      new BatchGetImageCommand({
        registryId: session.registryId,
        repositoryName: repository,
        imageIds: [...ids],
        acceptedMediaTypes: [...manifestMediaTypes],
      }),
      options,
    ),
  );
  return ids.map((id) => readingOf(answer, id, { repository, alone: ids.length === 1 }));
}

interface Question {
  readonly repository: string;
  /** Nothing else was asked, so whatever was answered is the answer. */
  readonly alone: boolean;
}

function readingOf(answer: BatchGetImageCommandOutput, id: ImageIdentifier, question: Question): ManifestReading {
  const matches = (other: ImageIdentifier | undefined) => question.alone || sameImage(other, id);
  const where = `BatchGetImage of ${question.repository}:${id.imageTag ?? id.imageDigest}`;
  const image = answer.images?.find((candidate) => matches(candidate.imageId));
  if (image !== undefined) return verified(image.imageId?.imageDigest, image.imageManifest, where);
  const failure = answer.failures?.find((candidate) => matches(candidate.imageId));
  if (failure === undefined) return failed({ code: "answer-incomplete", message: "no answer for this image" }, where);
  // An archived image can not be pulled; which code says so is not documented, so the reason counts as well.
  if (/archiv/i.test(failure.failureReason ?? "")) {
    const hint = "restore it (ecr update-image-storage-class --target-storage-class STANDARD) or push it again";
    return failed({ code: "image-archived", message: "the image is archived", hint }, where);
  }
  if (failure.failureCode === "ImageNotFound") return { kind: "absent" };
  return failed(failureOf(failure.failureCode, failure.failureReason), where);
}

function sameImage(other: ImageIdentifier | undefined, id: ImageIdentifier): boolean {
  if (id.imageTag !== undefined) return other?.imageTag === id.imageTag;
  return other?.imageDigest === id.imageDigest;
}

/** Content is what its digest says, or it is nothing: everything after works by digest. */
function verified(digest: string | undefined, text: string | undefined, where: string): ManifestReading {
  if (digest === undefined || text === undefined) {
    return failed({ code: "answer-incomplete", message: "an image without digest or manifest" }, where);
  }
  const measured = digestOf(text);
  if (measured === digest) return { kind: "manifest", digest, text };
  const message = "the manifest is not what its digest says";
  return failed({ code: "digest-mismatch", message, expected: digest, found: measured }, where);
}

interface FailureDetails {
  readonly code: EcrTagDiffErrorCode;
  readonly message: string;
  readonly expected?: string;
  readonly found?: string;
  readonly hint?: string;
  readonly retryable?: boolean;
}

function failureOf(code: string | undefined, reason: string | undefined): FailureDetails {
  const found = `${code ?? "no code"}${reason === undefined ? "" : `: ${reason}`}`;
  switch (code) {
    case "UpstreamTooManyRequests":
      return { code: "throttled", message: "the upstream registry throttles the requests", found, retryable: true };
    case "UpstreamUnavailable":
      return { code: "registry-unavailable", message: "the upstream registry failed", found, retryable: true };
    case "UpstreamAccessDenied":
      return { code: "access-denied", message: "the upstream registry did not allow the read", found };
    case "KmsError":
    case "ImageInaccessible":
      return { code: "image-inaccessible", message: "the registry can not hand out the image", found };
    default:
      return { code: "request-refused", message: "the registry refused to read the image", found };
  }
}

function failed(details: FailureDetails, where: string): ManifestReading {
  return { kind: "failed", error: new EcrTagDiffError({ ...details, where }) };
}
