import type { Unreadable } from "@windlass/deployment";
import { describeError } from "@windlass/windlass-error";
import { LedgerStoreError } from "./ledger-store-error.ts";

/** A failed read as data, so that one run or one listing does not end the tick. An ended call stays an error. */
export function toUnreadable(thrown: unknown): Unreadable {
  if (!(thrown instanceof LedgerStoreError) || thrown.code === "aborted") throw thrown;
  return { kind: "unreadable", code: thrown.code, message: describeError(thrown) };
}
