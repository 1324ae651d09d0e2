import type { SandboxCredentials } from "@windlass/sandbox";
import { REGION } from "../world/names.ts";
import { serviceOf } from "./call-target.ts";

/** Of an SDK client's configuration. */
export interface QuickClient {
  readonly signer: () => Promise<RequestSigner>;
  /** Otherwise each call looks for an endpoint in the machine's configuration, which there is none of here. */
  readonly ignoreConfiguredEndpointUrls: true;
}

interface RequestSigner {
  sign<R extends { headers: Record<string, string>; hostname?: string }>(request: R): Promise<R>;
}

/**
 * What an SDK client is spared here. It says who calls, and signs nothing: the sandbox verifies no signature of AWS's, and
 * making them takes a tenth of all time. Unlike the SDK's own signer this one keeps nothing for the process, which one run
 * could find of another.
 */
export function quickClient({ accessKeyId, sessionToken }: SandboxCredentials): QuickClient {
  const signer: RequestSigner = {
    async sign(request) {
      const moment = new Date().toISOString().replace(/[-:]|\.\d{3}/g, "");
      const scope = `${accessKeyId}/${moment.slice(0, 8)}/${REGION}/${serviceOf(request.hostname ?? "")}/aws4_request`;
      const { headers } = request;
      headers["x-amz-date"] = moment;
      if (sessionToken !== undefined) headers["x-amz-security-token"] = sessionToken;
      headers["authorization"] = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host;x-amz-date, Signature=none`;
      return request;
    },
  };
  return { signer: async () => signer, ignoreConfiguredEndpointUrls: true };
}
