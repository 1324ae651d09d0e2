import { AwsFault, type PlainResponse } from "../../core/service.ts";
import { repositoryFault } from "../ecr-fault.ts";
import type { LayerUpload, Repository } from "../ecr-state.ts";
import { isTag, putImage } from "../image-store.ts";
import { completeUpload, findUpload, invalidPart, readUpload, receivedBytes, startUpload } from "../layer-uploads.ts";
import { digestOf, type Manifest, readManifest } from "../manifest.ts";
import { requireMovable } from "../tag-mutability.ts";
import { type DistributionCall, type DistributionEndpoint, isDigest, locate, openCalled } from "./distribution-call.ts";
import { apiVersion } from "./distribution-fault.ts";
import { toImageId } from "./pull-endpoints.ts";

/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md#push */
export const pushEndpoints: readonly DistributionEndpoint[] = [
  {
    action: "StartUpload",
    methods: ["POST"],
    resource: "blobs/uploads",
    names: () => ({}),
    perform: beginUpload,
  },
  {
    action: "PushBlob",
    methods: ["PATCH"],
    resource: "blobs/uploads",
    names: (uploadId) => ({ uploadId }),
    perform: receivePart,
  },
  {
    action: "FinishUpload",
    methods: ["PUT"],
    resource: "blobs/uploads",
    names: (uploadId) => ({ uploadId }),
    perform: finishUpload,
  },
  {
    action: "PushManifest",
    methods: ["PUT"],
    resource: "manifests",
    names: (reference) => ({ ...toImageId(reference) }),
    perform: pushManifest,
  },
];

/**
 * With `?digest=` the whole layer is in this request. `?mount=` begins an upload like any other: a registry shares
 * layers between repositories only after its owner has turned that on (ECR guide, "Blob mounting").
 */
function beginUpload(call: DistributionCall): PlainResponse {
  const repository = openCalled(call, "InitiateLayerUpload");
  const upload = startUpload(repository, call.context);
  if (call.request.query.has("digest")) {
    openCalled(call, "CompleteLayerUpload");
    return complete(call, repository, upload);
  }
  return uploading(call, upload, { status: 202, range: "0-0" });
}

/**
 * Parts come in order. ECR answers 201 where the specification has 202, and its `Range` stays at the end of the first
 * part: https://github.com/aws/containers-roadmap/issues/2831
 */
function receivePart(call: DistributionCall): PlainResponse {
  const repository = openCalled(call, "UploadLayerPart");
  const upload = findUpload(repository, call.reference);
  upload.parts.push(...readPart(call, repository, upload));
  const [first] = upload.parts;
  return uploading(call, upload, { status: 201, range: `0-${Math.max((first?.length ?? 0) - 1, 0)}` });
}

function finishUpload(call: DistributionCall): PlainResponse {
  const repository = openCalled(call, "CompleteLayerUpload");
  return complete(call, repository, findUpload(repository, call.reference));
}

/** A layer that has come meanwhile by another upload is as good. */
function complete(call: DistributionCall, repository: Repository, upload: LayerUpload): PlainResponse {
  const digest = call.request.query.get("digest");
  if (digest === null) throw repositoryFault("InvalidLayerException", "No digest was given for the layer", repository);
  const last = readPart(call, repository, upload);
  if (last.length > 0) openCalled(call, "UploadLayerPart");
  const whole = { id: upload.id, parts: [...upload.parts, ...last] };
  if (repository.layers.has(digest)) {
    readUpload(repository, whole, [digest]);
    repository.uploads.delete(upload.id);
  } else completeUpload(repository, whole, [digest]);
  return created(locate(call, `blobs/${digest}`), digest);
}

/** The part that came with this request, if any: it must begin where the last one ended. */
function readPart({ request }: DistributionCall, repository: Repository, upload: LayerUpload): readonly Uint8Array[] {
  const { headers, body } = request;
  const range = headers["content-range"];
  const received = receivedBytes(upload);
  const [, first, last] = /^(?:bytes[ =])?(\d+)-(\d+)(?:\/(?:\d+|\*))?$/.exec(range ?? "") ?? [];
  const inOrder = Number(first) === received && Number(last) === received + body.length - 1;
  if (range !== undefined && !inOrder) throw invalidPart(repository, upload);
  return body.length > 0 ? [body] : [];
}

function pushManifest(call: DistributionCall): PlainResponse {
  const { request, reference, context } = call;
  const repository = openCalled(call, "PutImage");
  const declared = request.headers["content-type"]?.split(";")[0]?.trim();
  const manifest = readManifest(Buffer.from(request.body).toString("utf8"), declared, true);
  const tag = isDigest(reference) ? undefined : reference;
  // Text that is no UTF-8 has another digest than the bytes it was read from.
  requireDigest(manifest, tag === undefined ? reference : digestOf(request.body));
  if (tag !== undefined) requireTag(repository, tag);
  if (!isThere(repository, manifest, tag))
    putImage(repository, { manifest, tag, pushedAt: context.clock.now(), strict: true });
  return created(locate(call, `manifests/${reference}`), manifest.digest);
}

/** An immutable tag is refused also to the image that has it: https://github.com/aws/containers-roadmap/issues/2380 */
function requireTag(repository: Repository, tag: string): void {
  if (!isTag(tag)) throw new AwsFault("InvalidImageTag", `Invalid image tag ${tag}`);
  if (repository.tags.has(tag)) requireMovable(repository, tag);
}

function requireDigest({ digest }: Manifest, claimed: string): void {
  if (claimed === digest) return;
  throw new AwsFault(
    "ImageDigestDoesNotMatchException",
    `Image digest ${claimed} does not match the digest ${digest} calculated from the image manifest`,
  );
}

function isThere({ images, tags }: Repository, { digest }: Manifest, tag: string | undefined): boolean {
  return images.has(digest) && (tag === undefined || tags.get(tag) === digest);
}

interface Progress {
  readonly status: number;
  readonly range: string;
}

function uploading(call: DistributionCall, { id }: LayerUpload, { status, range }: Progress): PlainResponse {
  const headers = { location: locate(call, `blobs/uploads/${id}`), range, "docker-upload-uuid": id };
  return { status, headers: { ...apiVersion, ...headers }, body: new Uint8Array(0) };
}

function created(location: string, digest: string): PlainResponse {
  const headers = { ...apiVersion, location, "docker-content-digest": digest };
  return { status: 201, headers, body: new Uint8Array(0) };
}
