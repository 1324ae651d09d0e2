import { percentDecode } from "../../core/percent-decode.ts";
import type { ActionContext, PlainRequest, PlainResponse } from "../../core/service.ts";
import { openRepository } from "../access.ts";
import type { Repository } from "../ecr-state.ts";

/** Where in a registry a request points to. */
export interface DistributionAddress {
  /** The account that owns the registry. On AWS the host's name tells it; here it is the first part of the name. */
  readonly registryId: string;
  readonly repositoryName: string;
  readonly resource: "manifests" | "blobs" | "blobs/uploads" | "tags";
  /** A tag, a digest or an upload's id; empty where an upload is to begin. */
  readonly reference: string;
}

/** One request to a registry, from a caller who is known. */
export interface DistributionCall extends DistributionAddress {
  readonly request: PlainRequest;
  readonly context: ActionContext;
}

/** One of the protocol's endpoints. */
export interface DistributionEndpoint {
  /** For faults and the call log. */
  readonly action: string;
  readonly methods: readonly string[];
  readonly resource: DistributionAddress["resource"];
  /** What the reference is called in the call log. */
  readonly names: (reference: string) => Readonly<Record<string, string>>;
  /** Throws AwsFault. */
  perform(call: DistributionCall): PlainResponse;
}

/** `/v2/<account>/<repository>/<resource>/<reference>`; null for any other path. */
export function readAddress(path: string): DistributionAddress | null {
  const match = /^\/v2\/([^/]+)\/(.+)\/(manifests|blobs\/uploads|blobs|tags)\/([^/]*)$/.exec(decode(path));
  if (match === null) return null;
  const [, registryId = "", repositoryName = "", resource, reference = ""] = match;
  return { registryId, repositoryName, resource: resource as DistributionAddress["resource"], reference };
}

/** The call's repository, if its caller may perform that action of ECR's API on it. */
export function openCalled({ registryId, repositoryName, context }: DistributionCall, action: string): Repository {
  return openRepository({ registryId, repositoryName }, context, action);
}

/** Where something in the call's repository is. ECR's locations are whole URLs. */
export function locate({ registryId, repositoryName, context }: DistributionCall, rest: string): string {
  return `${context.baseUrl}/v2/${registryId}/${repositoryName}/${rest}`;
}

export function isDigest(reference: string): boolean {
  return reference.includes(":");
}

function decode(path: string): string {
  return percentDecode(path) ?? path;
}
