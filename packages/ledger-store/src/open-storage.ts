import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import type { S3Client } from "@aws-sdk/client-s3";
import { createConditionalPut, type WriteTools } from "./conditional-put.ts";
import { openObjectStore } from "./object-store.ts";
import type { Storage } from "./storage.ts";

export interface StorageOptions extends Partial<WriteTools> {
  readonly client: S3Client;
  /** The area's state bucket. */
  readonly bucket: string;
}

/** Opens the bucket; makes no call. */
export function openStorage(options: StorageOptions): Storage {
  const {
    client,
    bucket,
    delay = (ms, signal) => setTimeout(ms, undefined, signal === undefined ? {} : { signal }),
    random = Math.random,
    newMark = randomUUID,
  } = options;
  const objects = openObjectStore(client, bucket);
  return { objects, putConditionally: createConditionalPut(objects, { delay, random, newMark }) };
}
