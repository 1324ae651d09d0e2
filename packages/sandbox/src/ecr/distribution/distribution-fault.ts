import { AwsFault, type PlainResponse, type ThrottlingError } from "../../core/service.ts";

/** As clients show it: `toomanyrequests: Rate exceeded` (ECR guide, "Troubleshooting", HTTP 429). */
export const throttling: ThrottlingError = { code: "TOOMANYREQUESTS", status: 429, message: "Rate exceeded" };

export const apiVersion = { "docker-distribution-api-version": "registry/2.0" };

/** Without this header clients do not try their credentials. */
interface Challenge {
  readonly "www-authenticate"?: string;
}

/** How the registry says what ECR's API has another code for. */
const codes: Readonly<Record<string, readonly [code: string, status: number]>> = {
  RepositoryNotFoundException: ["NAME_UNKNOWN", 404],
  AccessDeniedException: ["DENIED", 403],
  ImageNotFound: ["MANIFEST_UNKNOWN", 404],
  ImageInaccessible: ["MANIFEST_UNKNOWN", 404],
  InvalidImageTag: ["TAG_INVALID", 400],
  InvalidImageDigest: ["DIGEST_INVALID", 400],
  ImageTagAlreadyExistsException: ["TAG_INVALID", 400],
  ImageDigestDoesNotMatchException: ["DIGEST_INVALID", 400],
  InvalidParameterException: ["MANIFEST_INVALID", 400],
  ReferencedImagesNotFoundException: ["MANIFEST_BLOB_UNKNOWN", 404],
  LayersNotFoundException: ["MANIFEST_BLOB_UNKNOWN", 404],
  UploadNotFoundException: ["BLOB_UPLOAD_UNKNOWN", 404],
  EmptyUploadException: ["BLOB_UPLOAD_INVALID", 400],
  LayerPartTooSmallException: ["BLOB_UPLOAD_INVALID", 400],
  InvalidLayerPartException: ["BLOB_UPLOAD_INVALID", 416],
  InvalidLayerException: ["DIGEST_INVALID", 400],
};

/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes */
export function encodeDistributionFault(fault: AwsFault, challenge: Challenge = {}): PlainResponse {
  const [code, status] = codes[fault.code] ?? [fault.code, fault.status];
  const body = Buffer.from(JSON.stringify({ errors: [{ code, message: fault.message }] }));
  return { status, headers: { "content-type": "application/json; charset=utf-8", ...apiVersion, ...challenge }, body };
}

export function unsupported(what: string): AwsFault {
  return new AwsFault("UNSUPPORTED", `the sandbox's registry has no ${what}`, { status: 405 });
}
