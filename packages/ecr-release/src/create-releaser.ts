import { setTimeout as sleep } from "node:timers/promises";
import type { ECRClient } from "@aws-sdk/client-ecr";
import { GetCallerIdentityCommand, type STSClient } from "@aws-sdk/client-sts";
import { callService } from "./call-service.ts";
import { type AreaMove, moveArea, planArea, readArea } from "./move-area.ts";
import { planNames, takenError } from "./name-image.ts";
import type { TagPut } from "./plan-area.ts";
import { ReleaseError, type ReleaseErrorCode } from "./release-error.ts";
import { nameOf, putTag, type Repository, readManifest, readTags, readTagsOf } from "./repository.ts";

export interface ReleaserOptions {
  /** A client in the registry's Region, with credentials of its account. Its own retries are used. */
  readonly ecr: ECRClient;
  /** With the same credentials. */
  readonly sts: STSClient;
  /** The account that owns the registry. */
  readonly registryId: string;
  /** Waits between readings of a registry that does not show yet what was put; real time by default. */
  readonly wait?: (ms: number) => Promise<unknown>;
}

/** What is released, and where to. */
export interface ReleaseRequest {
  readonly area: string;
  readonly repository: string;
  /** The area's tag in this repository: what its deployments look at. */
  readonly tag: string;
  /** The image by its digest, or by a tag that it was pushed with; a tag is read once. */
  readonly image: { readonly digest: string } | { readonly tag: string };
  /** All 40 hexadecimal digits. */
  readonly commit: string;
  /** When the image was built. */
  readonly time: Date;
  /** True: the image gets the tag of this very time. Otherwise any time that it has for the commit will do. */
  readonly exactTime?: boolean;
  /** Reads everything and puts nothing. */
  readonly dryRun?: boolean;
}

export interface Release {
  /**
   * - `released`: the area's tag is on the digest, seen in the registry.
   * - `unchanged`: everything was there already.
   * - `planned`: of a dry run; the changes are what would be done.
   * - `overtaken`: the tag was on the digest and another release moved it on, to `head`.
   */
  readonly kind: "released" | "unchanged" | "planned" | "overtaken";
  readonly digest: string;
  /** What the area's tag was on before; null where it was not there. */
  readonly from: string | null;
  /** What the area's tag is on now. */
  readonly head: string | null;
  /** The tags that were put, or would be, in this order. */
  readonly changes: readonly TagPut[];
}

export interface Releaser {
  /** @throws ReleaseError */
  release(request: ReleaseRequest, signal?: AbortSignal): Promise<Release>;
}

/**
 * Makes a releaser of images in one registry.
 *
 * @example
 * ```ts
 * const releaser = createReleaser({ ecr, sts, registryId: "111111111111" });
 * await releaser.release({ area: "staging", repository: "web", tag: "staging", image: { digest }, commit, time });
 * ```
 */
export function createReleaser(options: ReleaserOptions): Releaser {
  const { ecr, registryId, wait = sleep } = options;
  check("registry-invalid", registryId, forms.account);
  return {
    async release(request, signal) {
      checkRequest(request);
      await checkAccount(options, signal);
      const repository = { ecr, registryId, name: request.repository, signal };
      const digest = await findDigest(repository, request.image);
      const tags = await readTagsOf(repository, digest);
      const { commit, time, exactTime = false } = request;
      const names = await planNames(repository, { digest, tags, commit, time, exactTime });
      const manifest = await readManifest(repository, digest);
      const move = { repository, area: request.area, tag: request.tag, manifest, wait };
      return request.dryRun === true ? planRelease(move, names) : performRelease(move, names);
    },
  };
}

async function planRelease(move: AreaMove, names: readonly TagPut[]): Promise<Release> {
  const area = await readArea(move);
  const { head } = area.tags;
  return summarize({ kind: "planned", move, from: head, head, changes: [...names, ...planArea(move, area)] });
}

async function performRelease(move: AreaMove, names: readonly TagPut[]): Promise<Release> {
  for (const put of names) {
    const outcome = await putTag(move.repository, move.manifest, put.tag);
    if (outcome === "immutable") throw takenError(move.repository, put, "another image");
  }
  const area = await readArea(move);
  const outcome = await moveArea(move, area);
  const head = outcome.kind === "overtaken" ? outcome.by : move.manifest.digest;
  const kind = outcome.kind === "overtaken" ? "overtaken" : "released";
  return summarize({ kind, move, from: area.tags.head, head, changes: [...names, ...outcome.puts] });
}

interface Summary extends Omit<Release, "digest"> {
  readonly move: AreaMove;
}

function summarize({ move, ...release }: Summary): Release {
  const kind = release.changes.length === 0 ? "unchanged" : release.kind;
  return { ...release, kind, digest: move.manifest.digest };
}

function checkRequest({ image, commit }: ReleaseRequest): void {
  check("commit-invalid", commit, forms.commit);
  if ("digest" in image) check("digest-invalid", image.digest, forms.digest);
}

const forms = {
  account: { pattern: /^\d{12}$/, message: "a registry is named by its account", expected: "12 digits" },
  commit: {
    pattern: /^[0-9a-f]{40}$/,
    message: "the commit has to be the full one",
    expected: "40 hexadecimal digits in lower case",
  },
  digest: {
    pattern: /^sha256:[0-9a-f]{64}$/,
    message: "that is no digest",
    expected: "sha256: and 64 hexadecimal digits in lower case",
  },
} as const;

function check(code: ReleaseErrorCode, found: string, form: (typeof forms)[keyof typeof forms]): void {
  const { pattern, message, expected } = form;
  if (!pattern.test(found)) throw new ReleaseError({ code, message, expected, found });
}

/** Another account's credentials would look into another registry, or be refused without a word why. */
async function checkAccount({ sts, registryId }: ReleaserOptions, signal: AbortSignal | undefined): Promise<void> {
  const target = { action: "sts:GetCallerIdentity", object: "the credentials" };
  const options = signal === undefined ? {} : { abortSignal: signal };
  const { Account, Arn } = await callService(target, () => sts.send(new GetCallerIdentityCommand({}), options));
  if (Account === registryId) return;
  throw new ReleaseError({
    code: "account-wrong",
    message: "the credentials are not those of the registry's account",
    expected: registryId,
    found: `${Account} (${Arn})`,
    hint: "release with a role of the pipeline account",
  });
}

async function findDigest(repository: Repository, image: ReleaseRequest["image"]): Promise<string> {
  if ("digest" in image) return image.digest;
  const manifest = (await readTags(repository, [image.tag])).get(image.tag);
  if (manifest !== undefined) return manifest.digest;
  throw new ReleaseError({
    code: "tag-missing",
    message: "the repository has no such tag",
    where: nameOf(repository, `:${image.tag}`),
    hint: "push the image first, to this very repository",
  });
}
