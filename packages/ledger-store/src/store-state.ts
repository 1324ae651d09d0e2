import { storeKey, storePrefix } from "./keys.ts";
import { openStorage, type StorageOptions } from "./open-storage.ts";
import type { Storage } from "./storage.ts";

/** Files of one image's `store/` that are listed at once. */
const MOST_FILES = 1000;

export interface StoredFile {
  readonly content: Uint8Array;
  /** What `write` wants to be unchanged. */
  readonly etag: string;
}

export interface StoreFileToWrite {
  readonly image: string;
  /** Its path within `store/`, such as `terraform.tfstate`. */
  readonly file: string;
  readonly content: Uint8Array;
  /** ETag of the file that is replaced; null: there is none yet. */
  readonly previous: string | null;
}

export type StoreWrite =
  | { readonly kind: "written"; readonly etag: string }
  /** Another file than the previous one is there, or none where there was one: nothing was written. */
  | { readonly kind: "changed" };

/**
 * The state of an image with `state: store`: the files of its working directory's `store/`, which one run restores and
 * saves after the other. Throws `LedgerStoreError`.
 */
export interface StoreState {
  /** The files' paths within `store/`, in the order of their text. Throws rather than leave one out. */
  list(image: string, signal?: AbortSignal): Promise<readonly string[]>;
  /** Null: there is no such file. */
  read(image: string, file: string, signal?: AbortSignal): Promise<StoredFile | null>;
  /** Replaces the previous file, and no other. What is there with the same content already counts as written. */
  write(file: StoreFileToWrite, signal?: AbortSignal): Promise<StoreWrite>;
}

/**
 * Opens what is kept for images with `state: store`; makes no call.
 *
 * @example
 * ```ts
 * const state = createStoreState({ client: new S3Client({}), bucket: "windlass-state-222222222222" });
 * const before = await state.read("dga-network", "terraform.tfstate");
 * ```
 */
export function createStoreState(options: StorageOptions): StoreState {
  const storage = openStorage(options);
  return {
    list: (image, signal) => listFiles(storage, image, signal),
    async read(image, file, signal) {
      const object = await storage.objects.get(storeKey(image, file), signal);
      return object === null ? null : { content: object.bytes, etag: object.etag };
    },
    write: (file, signal) => writeFile(storage, file, signal),
  };
}

async function listFiles({ objects }: Storage, image: string, signal?: AbortSignal): Promise<readonly string[]> {
  const prefix = storePrefix(image);
  const keys = await objects.list({ prefix, most: MOST_FILES }, signal);
  const files = keys.map((key) => key.slice(prefix.length));
  // What a person put there under a name that can not be restored must not be missing silently.
  for (const file of files) storeKey(image, file);
  return files;
}

async function writeFile(
  storage: Storage,
  { image, file, content, previous }: StoreFileToWrite,
  signal?: AbortSignal,
): Promise<StoreWrite> {
  const object = { key: storeKey(image, file), body: content, contentType: "application/octet-stream" };
  const condition =
    previous === null ? ({ kind: "absent" } as const) : ({ kind: "unchanged", etag: previous } as const);
  const outcome = await storage.putConditionally({ ...object, condition }, signal);
  if (outcome.kind === "written") return outcome;
  const { current } = outcome;
  // A write that was given up as unclear may have arrived after all, and is then repeated by its caller.
  return current !== null && isSame(current.bytes, content)
    ? { kind: "written", etag: current.etag }
    : { kind: "changed" };
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
