import { everywhere, type StateKey, stateKey, type World } from "../core/world.ts";

/** Everything S3 knows. Bucket names are one space for all accounts and regions. */
export interface S3State {
  readonly buckets: Map<string, Bucket>;
  /** How many more conditional writes into an account's buckets are answered with a conflict. */
  readonly conflicts: Map<string, number>;
  readonly denials: Set<Denial>;
}

export interface Bucket {
  readonly name: string;
  readonly owner: string;
  readonly region: string;
  readonly createdAt: number;
  versioning: Versioning;
  readonly encryption: Encryption;
  /** All four switches of the block, or none; `unset`: somebody took the block away. */
  readonly publicAccess: PublicAccess;
  /** The bucket policy's JSON; null where there is none. */
  readonly policy: string | null;
  /** `opaque` ones are not the MD5 of the content, as with SSE-KMS. */
  readonly etags: "md5" | "opaque";
  /** All versions of each key, newest first; never an empty list. */
  readonly versions: Map<string, Version[]>;
  readonly uploads: Map<string, Upload>;
  /** How often a key was written or deleted: two calls that overlap notice each other by it. */
  readonly changes: Map<string, number>;
  /** The keys in S3's order; null when a key came or went since it was made. */
  sortedKeys: readonly string[] | null;
}

/** `Off` is a bucket that never had versioning. */
export type Versioning = "Off" | "Enabled" | "Suspended";
export type Encryption = "AES256" | "aws:kms";
export type PublicAccess = "blocked" | "open" | "unset";
export type Version = ObjectVersion | DeleteMarker;

export interface ObjectVersion extends ObjectContent {
  readonly kind: "object";
  readonly key: string;
  /** `null` for what was written without versioning. */
  readonly versionId: string;
  /** Milliseconds; S3 tells whole seconds of it. */
  readonly modifiedAt: number;
  /** Without quotes. */
  readonly etag: string;
}

export interface DeleteMarker {
  readonly kind: "marker";
  readonly key: string;
  readonly versionId: string;
  readonly modifiedAt: number;
}

/** What a writer gives. */
export interface ObjectContent extends ObjectHeaders {
  readonly body: Uint8Array;
  /** Base64 by algorithm, such as `crc32`; only what the writer sent and was found true. */
  readonly checksums: Readonly<Record<string, string>>;
}

export interface ObjectHeaders {
  /** `content-type` and its like, which a read gives back. */
  readonly headers: Readonly<Record<string, string>>;
  /** User metadata, without `x-amz-meta-`. */
  readonly metadata: Readonly<Record<string, string>>;
}

export interface Upload extends ObjectHeaders {
  readonly id: string;
  readonly key: string;
  readonly startedAt: number;
  readonly parts: Map<number, Part>;
}

export interface Part {
  readonly body: Uint8Array;
  readonly etag: string;
  readonly modifiedAt: number;
}

/** Calls of a role that a policy would refuse. Every condition that is given must hold. */
export interface Denial {
  /** Whose buckets. */
  readonly owner: string;
  readonly role?: string;
  readonly bucket?: string;
  /** Of keys, or of the prefix that is listed. */
  readonly prefix?: string;
  /** Such as `PutObject`; every action when not given. */
  readonly actions?: readonly string[];
}

const s3Key: StateKey<S3State> = stateKey("s3");

export function s3State(world: World): S3State {
  return world.state(s3Key, everywhere, everywhere, () => ({
    buckets: new Map(),
    conflicts: new Map(),
    denials: new Set(),
  }));
}
