import { AwsFault, type PlainResponse } from "../../core/service.ts";
import { wholeNumber } from "../../core/whole-number.ts";
import type { ImageId } from "../ecr-input.ts";
import type { Layer, Repository } from "../ecr-state.ts";
import { getImage } from "../image-read-actions.ts";
import { layerUrl } from "../layer-downloads.ts";
import { type DistributionCall, type DistributionEndpoint, isDigest, openCalled } from "./distribution-call.ts";
import { apiVersion } from "./distribution-fault.ts";

/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pull */
export const pullEndpoints: readonly DistributionEndpoint[] = [
  {
    action: "PullManifest",
    methods: ["GET", "HEAD"],
    resource: "manifests",
    names: (reference) => ({ ...toImageId(reference) }),
    perform: pullManifest,
  },
  {
    action: "CheckBlob",
    methods: ["HEAD"],
    resource: "blobs",
    names: (layerDigest) => ({ layerDigest }),
    perform: checkBlob,
  },
  {
    action: "PullBlob",
    methods: ["GET"],
    resource: "blobs",
    names: (layerDigest) => ({ layerDigest }),
    perform: pullBlob,
  },
  { action: "ListTags", methods: ["GET"], resource: "tags", names: () => ({}), perform: listTags },
];

/** ECR's own `maxResults` has this limit (service model, `MaxResults`). */
const mostTags = 1000;

export function toImageId(reference: string): ImageId {
  return isDigest(reference) ? { imageDigest: reference } : { imageTag: reference };
}

function pullManifest(call: DistributionCall): PlainResponse {
  const { request, reference, context } = call;
  const repository = openCalled(call, "BatchGetImage");
  const answer = getImage(repository, toImageId(reference), acceptedTypes(request.headers["accept"]));
  if ("failureCode" in answer) throw new AwsFault(answer.failureCode, answer.failureReason);
  const { image, shown } = answer;
  image.pulledAt = context.clock.now();
  const body = Buffer.from(shown.imageManifest);
  return found(body, shown.imageManifestMediaType, shown.imageId.imageDigest);
}

/** Undefined where the client takes whatever there is. */
function acceptedTypes(header: string | undefined): readonly string[] | undefined {
  const types = (header ?? "*/*").split(",").map((range) => range.split(";")[0]?.trim() ?? "");
  return types.includes("*/*") ? undefined : types;
}

function checkBlob(call: DistributionCall): PlainResponse {
  const repository = openCalled(call, "BatchCheckLayerAvailability");
  const { bytes } = findBlob(repository, call.reference);
  return found(bytes, "application/octet-stream", call.reference);
}

/**
 * Layers come from the bucket behind ECR, by a URL that needs no further credentials (ECR guide, "Amazon ECR interface
 * VPC endpoints").
 */
function pullBlob(call: DistributionCall): PlainResponse {
  const repository = openCalled(call, "GetDownloadUrlForLayer");
  const location = layerUrl(findBlob(repository, call.reference), call.context);
  const headers = { ...apiVersion, location, "docker-content-digest": call.reference };
  return { status: 307, headers, body: new Uint8Array(0) };
}

function findBlob(repository: Repository, digest: string): Layer {
  const layer = repository.layers.get(digest);
  if (layer !== undefined) return layer;
  const where = `the repository with name '${repository.name}' in the registry with id '${repository.registryId}'`;
  throw new AwsFault("BLOB_UNKNOWN", `The layer with digest '${digest}' does not exist in ${where}`, { status: 404 });
}

function listTags(call: DistributionCall): PlainResponse {
  const { registryId, repositoryName, reference, request } = call;
  if (reference !== "list") throw new AwsFault("UNSUPPORTED", `no tags/${reference}`, { status: 404 });
  const repository = openCalled(call, "ListImages");
  const after = request.query.get("last") ?? "";
  const size = wholeNumber(request.query.get("n") ?? String(mostTags));
  if (!(size >= 1 && size <= mostTags)) throw new AwsFault("PAGINATION_NUMBER_INVALID", `n is 1 to ${mostTags}`);
  const tags = [...repository.tags.keys()].sort().filter((tag) => tag > after);
  const page = tags.slice(0, size);
  const next = `/v2/${registryId}/${repositoryName}/tags/list?n=${size}&last=${page.at(-1)}`;
  const link: Readonly<Record<string, string>> = page.length < tags.length ? { link: `<${next}>; rel="next"` } : {};
  const body = Buffer.from(JSON.stringify({ name: `${registryId}/${repositoryName}`, tags: page }));
  return { status: 200, headers: { ...apiVersion, "content-type": "application/json", ...link }, body };
}

/** Who asks with HEAD gets the length of what is left out. */
function found(body: Uint8Array, type: string, digest: string): PlainResponse {
  const length = String(body.length);
  const headers = { "content-type": type, "content-length": length, "docker-content-digest": digest };
  return { status: 200, headers: { ...apiVersion, ...headers }, body };
}
