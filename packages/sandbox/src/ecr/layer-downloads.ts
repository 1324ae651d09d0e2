import type { ActionContext, HttpRoute, PlainResponse } from "../core/service.ts";
import { type Layer, layerDownloads } from "./ecr-state.ts";

const prefix = "/_ecr/layers/";
/** How long a download URL works; the service does not say, and an hour is what its URLs have carried. */
const lifetimeMs = 3_600_000;

/** A URL on the sandbox that gives this layer to whoever has it, for a while. */
export function layerUrl(layer: Layer, context: ActionContext): string {
  const downloads = layerDownloads(context.world);
  const now = context.clock.now();
  // Oldest first: what has been over for long is forgotten.
  for (const [token, { expiresAt }] of downloads) {
    if (expiresAt > now - lifetimeMs) break;
    downloads.delete(token);
  }
  const token = context.world.hexId(40);
  downloads.set(token, { ...layer, expiresAt: now + lifetimeMs });
  return `${context.baseUrl}${prefix}${token}`;
}

/** Answers those URLs as the bucket behind ECR does: anything but a valid one is forbidden. */
export const layerRoute: HttpRoute = {
  prefix,
  handle(request, context) {
    const downloads = layerDownloads(context.world);
    const token = request.path.slice(prefix.length);
    const download = downloads.get(token);
    if (request.method !== "GET" && request.method !== "HEAD") return refuse(405, "MethodNotAllowed");
    if (download === undefined) return refuse(403, "AccessDenied");
    if (download.expiresAt <= context.clock.now()) {
      downloads.delete(token);
      return refuse(403, "AccessDenied", "Request has expired");
    }
    const body = request.method === "HEAD" ? new Uint8Array() : download.bytes;
    return { status: 200, headers: { "content-type": download.mediaType }, body };
  },
};

function refuse(status: number, code: string, message = "Access Denied"): PlainResponse {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { status, headers: { "content-type": "application/xml" }, body: Buffer.from(body) };
}
