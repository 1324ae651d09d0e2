import { GetDownloadUrlForLayerCommand } from "@aws-sdk/client-ecr";
import { type CallTarget, callRegistry, type RegistrySession } from "./call-registry.ts";
import { EcrTagDiffError, type EcrTagDiffErrorCode } from "./ecr-tag-diff-error.ts";
import { digestOf } from "./manifest.ts";

/** An image's configuration is some kilobytes; nothing larger is read into memory. */
const largestBlobBytes = 1024 * 1024;
const patienceMs = 10_000;

/** Downloads one small blob of a repository as text. What arrives is what the digest says, or an error. */
export async function downloadBlob(session: RegistrySession, repository: string, digest: string): Promise<string> {
  const target = { action: "GetDownloadUrlForLayer", repository };
  const { downloadUrl } = await callRegistry(session, target, (options) =>
    session.client.send(
      new GetDownloadUrlForLayerCommand({
        registryId: session.registryId,
        repositoryName: repository,
        layerDigest: digest,
      }),
      options,
    ),
  );
  if (downloadUrl === undefined) throw blobError("answer-incomplete", "the registry gave no address", target);
  const download = { action: "layer download", repository };
  const content = await callRegistry(session, download, () => fetchBlob(session, downloadUrl, download));
  if (digestOf(content) !== digest) throw blobError("digest-mismatch", "the blob is not what its digest says", target);
  return new TextDecoder().decode(content);
}

async function fetchBlob(session: RegistrySession, url: string, target: CallTarget): Promise<Uint8Array> {
  const timeout = AbortSignal.timeout(patienceMs);
  const signal = session.signal === undefined ? timeout : AbortSignal.any([session.signal, timeout]);
  const response = await session.fetch(url, { signal });
  if (!response.ok) {
    await response.body?.cancel();
    throw statusError(response.status, target);
  }
  return readLimited(response, target);
}

/** The body's length is counted as it arrives: what a header announces need not be true. */
async function readLimited(response: Response, target: CallTarget): Promise<Uint8Array> {
  const reader = response.body?.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (let part = await reader?.read(); part !== undefined && !part.done; part = await reader?.read()) {
    length += part.value.byteLength;
    if (length > largestBlobBytes) {
      await reader?.cancel();
      throw blobError("blob-too-large", `the blob is larger than ${largestBlobBytes} bytes`, target);
    }
    chunks.push(part.value);
  }
  return Buffer.concat(chunks);
}

/** S3 asks to slow down with 503. */
function statusError(status: number, target: CallTarget): EcrTagDiffError {
  if (status === 429 || status === 503) return blobError("throttled", `the download answered ${status}`, target);
  if (status >= 500) return blobError("registry-unavailable", `the download answered ${status}`, target);
  return blobError("request-refused", `the download answered ${status}`, target);
}

const retryableCodes: ReadonlySet<EcrTagDiffErrorCode> = new Set(["throttled", "registry-unavailable"]);

function blobError(code: EcrTagDiffErrorCode, message: string, target: CallTarget): EcrTagDiffError {
  const where = `configuration of an image in ${target.repository}`;
  return new EcrTagDiffError({ code, message, where, retryable: retryableCodes.has(code) });
}
