import { type ECRClient, GetAuthorizationTokenCommand } from "@aws-sdk/client-ecr";
import { onTestFinished } from "vitest";
import { createRegistry, pipeline, sha256 } from "./registry-fixture.ts";

export const repository = "dga-web";

export interface Sent {
  readonly method?: string;
  /** What `Authorization` says after `Basic`; the owner's token when not given, null: no such header. */
  readonly token?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export interface DistributionError {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** The registry of the other fixture, served, and requests to it as its owner. */
export async function openDistribution() {
  const registry = createRegistry();
  const { url, close } = await registry.sandbox.listen();
  onTestFinished(close);
  const owner = await tokenOf(registry.owner);

  /** Below `/v2/`. Follows no redirect. */
  function send(path: string, { method = "GET", token = owner, headers = {}, body }: Sent = {}): Promise<Response> {
    const authorization: Record<string, string> = token === null ? {} : { authorization: `Basic ${token}` };
    const content = body === undefined ? {} : { body: Buffer.from(body) };
    const init = { method, headers: { ...authorization, ...headers }, redirect: "manual", ...content } as const;
    return fetch(`${url}/v2/${path}`, init);
  }

  /** The same within the repository. */
  const sendTo = (path: string, sent?: Sent) => send(`${pipeline}/${repository}/${path}`, sent);
  return { ...registry, url, send, sendTo };
}

/** The authorization token as `GetAuthorizationToken` gives it. */
export async function tokenOf(client: ECRClient): Promise<string> {
  const { authorizationData } = await client.send(new GetAuthorizationTokenCommand({}));
  return authorizationData?.[0]?.authorizationToken ?? "";
}

export async function errorOf(answer: Promise<Response>): Promise<DistributionError> {
  const response = await answer;
  const { errors } = (await response.json()) as { errors: [{ code: string; message: string }] };
  return { status: response.status, code: errors[0].code, message: errors[0].message };
}

/** The manifest of an image whose config and layers are those texts. */
export function manifestOf(config: string, ...layers: readonly string[]): string {
  const describe = (text: string, mediaType: string) => ({ mediaType, size: text.length, digest: sha256(text) });
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: describe(config, "application/vnd.oci.image.config.v1+json"),
    layers: layers.map((layer) => describe(layer, "application/vnd.oci.image.layer.v1.tar+gzip")),
  });
}
