import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { LedgerStoreError } from "./ledger-store-error.ts";
import { type ResponseDate, recordResponseDate } from "./response-date.ts";
import { classifyFailure, toStoreError } from "./s3-failure.ts";

/** One bucket, as far as it needs no conditions. Throws `LedgerStoreError` for everything but an absent object. */
export interface ObjectStore {
  readonly client: S3Client;
  readonly bucket: string;
  /** `s3://bucket/key`, for people. */
  locate(key: string): string;
  /** Exactly one GetObject. Null: there is none. */
  get(key: string, signal?: AbortSignal): Promise<StoredObject | null>;
  put(object: ObjectToPut, signal?: AbortSignal): Promise<void>;
  /** An object that is not there is deleted already. */
  remove(key: string, signal?: AbortSignal): Promise<void>;
  /** Keys in the order of their text, one ListObjectsV2 for each 1,000. Throws `too-many` rather than leave some out. */
  list(request: ListRequest, signal?: AbortSignal): Promise<readonly string[]>;
  /** One ListObjectsV2 for one key. */
  hasAny(prefix: string, signal?: AbortSignal): Promise<boolean>;
}

export interface StoredObject {
  readonly bytes: Uint8Array;
  readonly text: string;
  /** Opaque: it is an MD5 digest only by chance of encryption and upload. */
  readonly etag: string;
  /** By S3's own clock; 0 where it does not tell. */
  readonly ageSeconds: number;
  /** When S3 answered, by its own clock; null where it does not tell. */
  readonly answeredAt: Date | null;
  /** The mark of the conditional write that made it; null for other writes. */
  readonly writer: string | null;
}

export interface ObjectToPut {
  readonly key: string;
  readonly body: string | Uint8Array;
  readonly contentType?: string;
}

export interface ListRequest {
  readonly prefix: string;
  /** How many keys there may be. */
  readonly most: number;
}

/** User metadata that tells one's own write from another's of the same content. */
export const WRITER_METADATA = "windlass-write";
const PAGE_SIZE = 1000;
/** S3 may fill a page only in part; no listing goes on for ever. */
const MOST_PAGES = 1000;

export function openObjectStore(client: S3Client, bucket: string): ObjectStore {
  const locate = (key: string) => `s3://${bucket}/${key}`;
  return {
    client,
    bucket,
    locate,
    get: (key, signal) => getObject({ client, bucket, where: locate(key) }, key, signal),
    async put(object, signal) {
      const command = new PutObjectCommand(toPutInput(bucket, object));
      await client.send(command, { ...withSignal(signal) }).catch((thrown: unknown) => {
        throw toStoreError(thrown, locate(object.key));
      });
    },
    async remove(key, signal) {
      const command = new DeleteObjectCommand({ Bucket: bucket, Key: key });
      await client.send(command, withSignal(signal)).catch((thrown: unknown) => {
        throw toStoreError(thrown, locate(key));
      });
    },
    list: (request, signal) => listKeys({ client, bucket, where: locate(request.prefix) }, request, signal),
    hasAny: (prefix, signal) => hasAny({ client, bucket, where: locate(prefix) }, prefix, signal),
  };
}

interface Place {
  readonly client: S3Client;
  readonly bucket: string;
  readonly where: string;
}

async function getObject(place: Place, key: string, signal?: AbortSignal): Promise<StoredObject | null> {
  const command = new GetObjectCommand({ Bucket: place.bucket, Key: key });
  const answered: ResponseDate = recordResponseDate(command);
  try {
    const output = await place.client.send(command, withSignal(signal));
    const bytes = (await output.Body?.transformToByteArray()) ?? new Uint8Array();
    return {
      bytes,
      text: Buffer.from(bytes).toString("utf-8"),
      etag: readEtag(output.ETag, place.where),
      ageSeconds: ageInSeconds(answered.date(), output.LastModified),
      answeredAt: answered.date(),
      writer: output.Metadata?.[WRITER_METADATA] ?? null,
    };
  } catch (thrown) {
    if (thrown instanceof LedgerStoreError) throw thrown;
    const failure = classifyFailure(thrown, place.where);
    if (failure.kind === "missing") return null;
    throw toStoreError(thrown, place.where);
  }
}

async function hasAny(place: Place, prefix: string, signal?: AbortSignal): Promise<boolean> {
  const command = new ListObjectsV2Command({ Bucket: place.bucket, Prefix: prefix, MaxKeys: 1 });
  const page = await place.client.send(command, withSignal(signal)).catch((thrown: unknown) => {
    throw toStoreError(thrown, place.where);
  });
  return (page.Contents ?? []).length > 0;
}

async function listKeys(place: Place, request: ListRequest, signal?: AbortSignal): Promise<readonly string[]> {
  const keys: string[] = [];
  let token: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const command = new ListObjectsV2Command({
      Bucket: place.bucket,
      Prefix: request.prefix,
      MaxKeys: Math.min(PAGE_SIZE, request.most),
      ...(token === undefined ? {} : { ContinuationToken: token }),
    });
    const listed = await place.client.send(command, withSignal(signal)).catch((thrown: unknown) => {
      throw toStoreError(thrown, place.where);
    });
    for (const { Key: key } of listed.Contents ?? []) if (isRecordKey(key)) keys.push(key);
    if (listed.IsTruncated !== true) return keys;
    if (keys.length >= request.most) break;
    token = listed.NextContinuationToken;
  }
  throw new LedgerStoreError({
    code: "too-many",
    message: "more objects than are read at once",
    where: place.where,
    expected: `at most ${request.most}`,
  });
}

/** The S3 console makes an object of a folder: its key ends in a slash. */
function isRecordKey(key: string | undefined): key is string {
  return key !== undefined && !key.endsWith("/");
}

export function toPutInput(bucket: string, object: ObjectToPut) {
  return {
    Bucket: bucket,
    Key: object.key,
    Body: object.body,
    ContentType: object.contentType ?? "application/json",
  };
}

export function readEtag(etag: string | undefined, where: string): string {
  if (etag !== undefined) return etag;
  throw new LedgerStoreError({ code: "refused", message: "S3 answered without an ETag", where });
}

export function withSignal(signal: AbortSignal | undefined): { abortSignal?: AbortSignal } {
  return signal === undefined ? {} : { abortSignal: signal };
}

/** A clock that seems to run backwards makes nothing old. */
function ageInSeconds(answeredAt: Date | null, modifiedAt: Date | undefined): number {
  if (answeredAt === null || modifiedAt === undefined) return 0;
  return Math.max(0, (answeredAt.getTime() - modifiedAt.getTime()) / 1000);
}
