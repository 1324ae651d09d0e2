import { PutObjectCommand } from "@aws-sdk/client-s3";
import { LedgerStoreError } from "./ledger-store-error.ts";
import {
  type ObjectStore,
  type ObjectToPut,
  readEtag,
  type StoredObject,
  toPutInput,
  WRITER_METADATA,
  withSignal,
} from "./object-store.ts";
import { classifyFailure, toStoreError } from "./s3-failure.ts";

export type PutOutcome =
  | { readonly kind: "written"; readonly etag: string }
  /** Another write came first; what is there now, or null where there is nothing. A normal outcome. */
  | { readonly kind: "lost"; readonly current: StoredObject | null };

export type PutCondition = { readonly kind: "absent" } | { readonly kind: "unchanged"; readonly etag: string };

export interface ConditionalPut extends ObjectToPut {
  readonly condition: PutCondition;
}

/** Writes an object if a condition holds; at most one of several writers is told `written`. */
export type PutConditionally = (put: ConditionalPut, signal?: AbortSignal) => Promise<PutOutcome>;

export interface WriteTools {
  /** Waits; rejects when the signal is aborted. */
  readonly delay: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** From 0 to 1, for jitter. */
  readonly random: () => number;
  /** Different for each write, in this process and all others. */
  readonly newMark: () => string;
}

const ATTEMPTS = 6;
const FIRST_DELAY_MS = 50;
const LONGEST_DELAY_MS = 2_000;

/**
 * Conditional writes on one bucket. S3 answers 412 where the condition does not hold and 409 where writes conflict,
 * which is no verdict: the same condition is tried again. A 412 and a lost answer are both read back, since the SDK or
 * the network may have delivered our own write before; the mark in the object's metadata tells whose it is.
 */
export function createConditionalPut(objects: ObjectStore, tools: WriteTools): PutConditionally {
  return async (put, signal) => {
    const write = { objects, put, mark: tools.newMark() };
    let worst: Unsettled | undefined;
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      if (attempt > 0) await pause(write, { tools, attempt }, signal);
      const step = await tryOnce(write, signal);
      if (step.kind !== "unsettled") return step;
      if (worst?.as !== "unclear") worst = step;
    }
    throw giveUp(objects.locate(put.key), worst);
  };
}

interface Write {
  readonly objects: ObjectStore;
  readonly put: ConditionalPut;
  readonly mark: string;
}

/** `conflict`: surely not written. `unclear`: perhaps written. */
interface Unsettled {
  readonly kind: "unsettled";
  readonly as: "conflict" | "unclear";
  readonly error: LedgerStoreError;
}

async function tryOnce(write: Write, signal?: AbortSignal): Promise<PutOutcome | Unsettled> {
  const where = write.objects.locate(write.put.key);
  try {
    const output = await write.objects.client.send(toCommand(write), withSignal(signal));
    return { kind: "written", etag: readEtag(output.ETag, where) };
  } catch (thrown) {
    if (thrown instanceof LedgerStoreError) throw thrown;
    const failure = classifyFailure(thrown, where);
    switch (failure.kind) {
      // 404 on If-Match: the object is gone, so it is not the one we read.
      case "missing":
      case "condition-failed":
        return readBack(write, null, signal);
      case "conflict":
        return { kind: "unsettled", as: "conflict", error: failure.error };
      case "unanswered":
        return readBack(write, failure.error, signal);
      case "error":
        throw failure.error;
    }
  }
}

/** `unanswered`: null after a refusal, else why no answer came. */
async function readBack(
  write: Write,
  unanswered: LedgerStoreError | null,
  signal?: AbortSignal,
): Promise<PutOutcome | Unsettled> {
  let current: StoredObject | null;
  try {
    current = await write.objects.get(write.put.key, signal);
  } catch (thrown) {
    if (thrown instanceof LedgerStoreError && thrown.retryable)
      return { kind: "unsettled", as: "unclear", error: thrown };
    throw thrown;
  }
  if (current?.writer === write.mark) return { kind: "written", etag: current.etag };
  if (unanswered !== null && holds(write.put.condition, current)) {
    return { kind: "unsettled", as: "unclear", error: unanswered };
  }
  return { kind: "lost", current };
}

/** Whether the condition could still hold, so that trying again may succeed. */
function holds(condition: PutCondition, current: StoredObject | null): boolean {
  return condition.kind === "absent" ? current === null : current?.etag === condition.etag;
}

function toCommand({ objects, put, mark }: Write): PutObjectCommand {
  const { condition } = put;
  return new PutObjectCommand({
    ...toPutInput(objects.bucket, put),
    Metadata: { [WRITER_METADATA]: mark },
    ...(condition.kind === "absent" ? { IfNoneMatch: "*" } : { IfMatch: condition.etag }),
  });
}

/** Full jitter, so that two writers in step fall out of it. */
async function pause(
  write: Write,
  after: { readonly tools: WriteTools; readonly attempt: number },
  signal?: AbortSignal,
): Promise<void> {
  const longest = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (after.attempt - 1));
  await after.tools.delay(Math.round(after.tools.random() * longest), signal).catch((thrown: unknown) => {
    throw toStoreError(thrown, write.objects.locate(write.put.key));
  });
}

function giveUp(where: string, worst: Unsettled | undefined): LedgerStoreError {
  if (worst?.as === "conflict") return worst.error;
  return new LedgerStoreError({
    code: "write-unclear",
    message: "S3 did not confirm a write, and it was not found when read back",
    where,
    hint: "nothing was overwritten; read again, since the write may still arrive",
    cause: worst?.error,
    retryable: true,
  });
}
