import pLimit from "p-limit";
import type { PutConditionally } from "./conditional-put.ts";
import type { ObjectStore } from "./object-store.ts";

/** What all kinds of records are kept with. */
export interface Storage {
  readonly objects: ObjectStore;
  readonly putConditionally: PutConditionally;
}

export type Written = "written" | "exists";

/** Many reads at a time, but no flood of sockets. */
const READS_AT_ONCE = 16;

export async function readAll<T>(keys: readonly string[], read: (key: string) => Promise<T>): Promise<readonly T[]> {
  const limit = pLimit(READS_AT_ONCE);
  return Promise.all(keys.map((key) => limit(() => read(key))));
}
