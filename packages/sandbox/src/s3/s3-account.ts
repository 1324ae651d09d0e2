import type { SandboxClock } from "../core/clock.ts";
import { SandboxError } from "../core/sandbox-error.ts";
import type { World } from "../core/world.ts";
import { addBucket } from "./bucket-actions.ts";
import { sortedKeys } from "./key-listing.ts";
import { currentObject, findVersion, putObjectVersion, removeKey } from "./object-store.ts";
import { presignGet } from "./presign.ts";
import { quote } from "./s3-response.ts";
import {
  type Bucket,
  type Denial,
  type Encryption,
  type ObjectVersion,
  type PublicAccess,
  s3State,
  type Version,
} from "./s3-state.ts";

export interface BucketOptions {
  /** The sandbox's region when not given. */
  readonly region?: string;
  /** Off when not given. */
  readonly versioning?: boolean;
  readonly encryption?: Encryption;
  /** `opaque` ones are not the MD5 of the content; by default only with `aws:kms`. */
  readonly etags?: "md5" | "opaque";
  /** `blocked` when not given. */
  readonly publicAccess?: PublicAccess;
  /** JSON; none when not given. It is kept, and not evaluated. */
  readonly policy?: string;
}

export interface StoredObject {
  readonly key: string;
  readonly versionId: string;
  readonly body: Uint8Array;
  readonly text: string;
  /** With its quotes. */
  readonly etag: string;
  readonly modifiedAt: Date;
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface VersionSummary {
  readonly versionId: string;
  readonly isDeleteMarker: boolean;
  readonly modifiedAt: Date;
}

/** Direct access to one account's buckets. Throws SandboxError `no-such-bucket`; throws S3's own errors for bad names. */
export interface S3Account {
  createBucket(name: string, options?: BucketOptions): void;
  /** In the order of their creation. */
  buckets(): readonly string[];
  /** In S3's order; delete markers hide theirs. */
  keys(bucket: string, prefix?: string): readonly string[];
  read(bucket: string, key: string, versionId?: string): StoredObject | null;
  write(bucket: string, key: string, body: string | Uint8Array): void;
  remove(bucket: string, key: string): void;
  /** From the newest. */
  versions(bucket: string, key: string): readonly VersionSummary[];
  /** A link that reads the object without credentials for that long. */
  presignGet(bucket: string, key: string, seconds: number): string;
  /** The account's next `count` conditional writes are answered 409 ConditionalRequestConflict and do nothing. */
  conflictNext(count: number): void;
  /** Refuses calls as a policy would; the returned function takes the refusal back. */
  deny(denial: Omit<Denial, "owner">): () => void;
}

export interface S3Place {
  readonly world: World;
  readonly clock: SandboxClock;
  readonly account: string;
  readonly region: string;
  /** Where the sandbox is reached now. */
  readonly baseUrl: () => string;
}

export function createS3Account(place: S3Place): S3Account {
  const { world, account, region } = place;
  const state = s3State(world);
  const find = (name: string): Bucket => findBucket(place, name);
  return {
    createBucket: (name, options = {}) => addBucket(place, { region, ...options, name, owner: account }),
    buckets: () => [...state.buckets.values()].filter(({ owner }) => owner === account).map(({ name }) => name),
    keys: (name, prefix = "") => listCurrent(find(name), prefix),
    read: (name, key, versionId) => readObject(find(name), key, versionId),
    write: (name, key, body) => writeObject(place, find(name), { key, body }),
    remove: (name, key) => void removeKey(find(name), key, place),
    versions: (name, key) => (find(name).versions.get(key) ?? []).map(summarize),
    presignGet(name, key, seconds) {
      const bucket = find(name);
      const link = { account, region: bucket.region, bucket: name, key, seconds };
      return place.baseUrl() + presignGet(link, place);
    },
    conflictNext: (count) => void state.conflicts.set(account, count),
    deny(denial) {
      const added: Denial = { ...denial, owner: account };
      state.denials.add(added);
      return () => void state.denials.delete(added);
    },
  };
}

function findBucket({ world, account }: S3Place, name: string): Bucket {
  const bucket = s3State(world).buckets.get(name);
  if (bucket !== undefined && bucket.owner === account) return bucket;
  throw new SandboxError({ code: "no-such-bucket", message: `account ${account} has no such bucket`, found: name });
}

function listCurrent(bucket: Bucket, prefix: string): readonly string[] {
  return sortedKeys(bucket).filter((key) => key.startsWith(prefix) && currentObject(bucket, key) !== null);
}

function readObject(bucket: Bucket, key: string, versionId: string | undefined): StoredObject | null {
  const version = versionId === undefined ? currentObject(bucket, key) : findVersion(bucket, key, versionId);
  return version?.kind === "object" ? describe(version) : null;
}

function describe(object: ObjectVersion): StoredObject {
  return {
    key: object.key,
    versionId: object.versionId,
    body: object.body,
    text: Buffer.from(object.body).toString("utf8"),
    etag: quote(object.etag),
    modifiedAt: new Date(object.modifiedAt),
    contentType: object.headers["content-type"] ?? "binary/octet-stream",
    metadata: object.metadata,
  };
}

function writeObject(place: S3Place, bucket: Bucket, object: { key: string; body: string | Uint8Array }): void {
  const { key, body } = object;
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  const headers = { "content-type": "binary/octet-stream" };
  putObjectVersion(bucket, { key, content: { body: bytes, headers, metadata: {}, checksums: {} } }, place);
}

function summarize(version: Version): VersionSummary {
  const { versionId, kind, modifiedAt } = version;
  return { versionId, isDeleteMarker: kind === "marker", modifiedAt: new Date(modifiedAt) };
}
