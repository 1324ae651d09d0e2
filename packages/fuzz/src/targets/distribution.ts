import { createHash } from "node:crypto";
import type { Answer, Envelope, SandboxWorld } from "../sandbox-world.ts";
import { promise } from "../target.ts";

/** One request to a registry that was accepted. */
interface Exchange {
  readonly world: SandboxWorld;
  readonly envelope: Envelope;
  readonly answer: Answer;
  /** `/v2/<account>/<repository>` */
  readonly repository: string;
  readonly reference: string;
}

/** What a registry took is given back byte by byte under its hash, and what it shows is what was asked for. */
export async function checkDistribution(world: SandboxWorld, envelope: Envelope, answer: Answer): Promise<void> {
  const path = decodeURIComponent(envelope.path);
  const [, repository, resource, reference] =
    /^(\/v2\/[^/]+\/.+)\/(manifests|blobs\/uploads|blobs|tags)\/([^/]*)$/.exec(path) ?? [];
  if (repository === undefined || reference === undefined) return;
  const exchange = { world, envelope, answer, repository, reference };
  if (resource === "blobs/uploads") return checkUpload(exchange);
  if (resource === "tags") return checkTags(exchange);
  if (resource === "manifests") return envelope.method === "PUT" ? checkPushed(exchange) : checkShown(exchange);
}

async function checkPushed({ world, envelope, answer, repository, reference }: Exchange): Promise<void> {
  const digest = digestOf(Buffer.from(envelope.body));
  promise(answer.headers["docker-content-digest"] === digest, "a manifest has the hash of its bytes", answer.headers);
  promise(!reference.includes(":") || reference === digest, "no manifest is taken under another's hash", reference);
  for (const name of [reference, digest]) {
    const { body } = await get(world, envelope, `${repository}/manifests/${encodeURIComponent(name)}`);
    promise(body.equals(Buffer.from(envelope.body)), "a manifest is given back as it was pushed", name);
  }
}

async function checkShown({ envelope, answer, reference }: Exchange): Promise<void> {
  const digest = answer.headers["docker-content-digest"];
  promise(!reference.includes(":") || reference === digest, "the manifest that is shown is the one that was asked for");
  promise(
    envelope.method === "HEAD" || digestOf(answer.body) === digest,
    "a manifest that is shown has the hash of its bytes",
    digest,
  );
  const accept = envelope.headers["accept"] ?? "*/*";
  const type = answer.headers["content-type"] ?? "";
  promise(accept.includes("*/*") || accept.includes(type), "a manifest is of a type that is accepted", {
    accept,
    type,
  });
}

async function checkUpload({ world, envelope, answer, repository }: Exchange): Promise<void> {
  const sent = Buffer.from(envelope.body);
  const range = envelope.headers["content-range"];
  if (envelope.method !== "POST" && range !== undefined) {
    const [, first, last] = /^(?:bytes[ =])?(\d+)-(\d+)(?:\/(?:\d+|\*))?$/.exec(range) ?? [];
    promise(Number(last) - Number(first) + 1 === sent.length, "a part is as long as its range says", range);
  }
  const { digest } = envelope.query;
  if (digest === undefined || answer.status !== 201 || envelope.method === "PATCH") return;
  const { headers } = await get(world, envelope, `${repository}/blobs/${encodeURIComponent(digest)}`);
  const layer = await get(world, envelope, new URL(headers["location"] ?? "", "http://sandbox.invalid").pathname);
  promise(layer.status === 200 && digestOf(layer.body) === digest, "a layer that was taken has its hash", digest);
  promise(envelope.method !== "POST" || layer.body.equals(sent), "a layer is given back as it was pushed", digest);
}

async function checkTags({ envelope, answer }: Exchange): Promise<void> {
  const { tags } = JSON.parse(answer.body.toString("utf8")) as { readonly tags: readonly string[] };
  const { n = "1000", last = "" } = envelope.query;
  promise(/^\d+$/.test(n) && Number(n) > 0 && tags.length <= Number(n), "a page has as many tags as were asked for", n);
  promise(
    tags.every((tag) => tag > last),
    "a page begins after what was named",
    { tags, last },
  );
}

function get(world: SandboxWorld, { headers }: Envelope, path: string): Promise<Answer> {
  const { authorization = "" } = headers;
  return world.send({ method: "GET", path, query: {}, headers: { authorization }, body: "" });
}

function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
