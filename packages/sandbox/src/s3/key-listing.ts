import type { Bucket } from "./s3-state.ts";

export interface ListingQuery {
  readonly prefix: string;
  /** Empty where keys are not grouped. */
  readonly delimiter: string;
  /** What was listed last: a key, or a common prefix. Empty at the start. */
  readonly after: string;
  readonly limit: number;
}

export type Listed = { readonly kind: "key"; readonly key: string } | { readonly kind: "prefix"; readonly key: string };

export interface Listing {
  /** Keys and common prefixes, in S3's order. */
  readonly entries: readonly Listed[];
  readonly truncated: boolean;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-prefixes.html */
export function listKeys(keys: readonly string[], { prefix, delimiter, after, limit }: ListingQuery): Listing {
  const entries: Listed[] = [];
  let group = "";
  for (const key of keys) {
    if (!key.startsWith(prefix) || (group !== "" && key.startsWith(group))) continue;
    const cut = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
    const name = cut < 0 ? key : key.slice(0, cut + delimiter.length);
    // A page that ended with a group does not show the rest of that group again.
    if (after !== "" && compareKeys(name, after) <= 0) continue;
    if (entries.length === limit) return { entries, truncated: limit > 0 };
    if (cut >= 0) group = name;
    entries.push({ kind: cut < 0 ? "key" : "prefix", key: name });
  }
  return { entries, truncated: false };
}

/** The bucket's keys, in the order of their UTF-8 bytes. */
export function sortedKeys(bucket: Bucket): readonly string[] {
  bucket.sortedKeys ??= [...bucket.versions.keys()].sort(compareKeys);
  return bucket.sortedKeys;
}

/** UTF-8 order is that of UTF-16, but for what lies outside the basic plane. */
export function compareKeys(left: string, right: string): number {
  if (/[\ud800-\udfff]/.test(left) || /[\ud800-\udfff]/.test(right)) {
    return Buffer.compare(Buffer.from(left), Buffer.from(right));
  }
  return left < right ? -1 : left > right ? 1 : 0;
}
