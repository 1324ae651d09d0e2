import {
  type Assignment,
  assignmentSchema,
  type Cancel,
  type Claim,
  cancelSchema,
  claimSchema,
  type DeploymentId,
  leaseSchema,
  type RecordReading,
  type Result,
  type RunReading,
  resultSchema,
} from "@windlass/deployment";
import type * as z from "zod";
import { type RecordName, type RunFile, runKey } from "./keys.ts";
import { belongsTo, readRecord, serializeRecord } from "./record.ts";
import type { Storage, Written } from "./storage.ts";
import { toUnreadable } from "./unreadable.ts";

export type ClaimOutcome =
  /** The claim is this holder's, by this call or by an earlier one with the same nonce. */
  | { readonly kind: "held" }
  /** Null: another's claim is there, but can not be read as one. */
  | { readonly kind: "taken"; readonly by: Claim | null };

export interface RunFileToPut {
  readonly deployment: DeploymentId;
  readonly name: RunFile;
  readonly content: string | Uint8Array;
}

/** The records of single runs, under `runs/<deployment>/`. Each has one writer. */
export interface RunRecords {
  /** Claim, lease and result: three reads at once. `unreadable` where one of them can not be read. */
  readRun(deployment: DeploymentId, signal?: AbortSignal): Promise<RunReading>;
  /** Lambda, once. */
  putAssignment(assignment: Assignment, signal?: AbortSignal): Promise<Written>;
  readAssignment(deployment: DeploymentId, signal?: AbortSignal): Promise<RecordReading<Assignment>>;
  /** Takes the claim, unless it is taken: at most one nonce is ever told `held`. */
  claim(claim: Claim, signal?: AbortSignal): Promise<ClaimOutcome>;
  /** The claim's holder, once and last. `exists`: there is a result of another holder. */
  putResult(result: Result, signal?: AbortSignal): Promise<Written>;
  /** Lambda; may be repeated. */
  putCancel(cancel: Cancel, signal?: AbortSignal): Promise<void>;
  readCancel(deployment: DeploymentId, signal?: AbortSignal): Promise<RecordReading<Cancel>>;
  /** The claim's holder: the plan as JSON, or a state that Terraform could not store. */
  putRunFile(file: RunFileToPut, signal?: AbortSignal): Promise<void>;
}

export function createRunRecords(storage: Storage): RunRecords {
  return {
    readRun: (deployment, signal) => readRun(storage, deployment, signal),
    async putAssignment(assignment, signal) {
      const outcome = await putOnce(storage, { name: "assignment.json", record: assignment }, signal);
      return outcome.kind === "written" ? "written" : "exists";
    },
    readAssignment: (deployment, signal) =>
      readOne(storage, { deployment, name: "assignment.json", schema: assignmentSchema }, signal),
    claim: (claim, signal) => takeClaim(storage, claim, signal),
    putResult: (result, signal) => putResult(storage, result, signal),
    putCancel: (cancel, signal) => put(storage, { name: "cancel.json", record: cancel }, signal),
    readCancel: (deployment, signal) =>
      readOne(storage, { deployment, name: "cancel.json", schema: cancelSchema }, signal),
    async putRunFile({ deployment, name, content }, signal) {
      await storage.objects.put({ key: runKey(deployment, name), body: content }, signal);
    },
  };
}

async function readRun(storage: Storage, deployment: DeploymentId, signal?: AbortSignal): Promise<RunReading> {
  try {
    const [claim, lease, result] = await Promise.all([
      readOne(storage, { deployment, name: "claim.json", schema: claimSchema }, signal),
      readOne(storage, { deployment, name: "lease.json", schema: leaseSchema }, signal),
      readOne(storage, { deployment, name: "result.json", schema: resultSchema }, signal),
    ]);
    return { kind: "run", claim, lease, result };
  } catch (error) {
    return toUnreadable(error);
  }
}

async function takeClaim(storage: Storage, claim: Claim, signal?: AbortSignal): Promise<ClaimOutcome> {
  const outcome = await putOnce(storage, { name: "claim.json", record: claim }, signal);
  if (outcome.kind === "written") return { kind: "held" };
  const there = readRecord(outcome.current, claimSchema, belongsTo(claim.deployment));
  if (there.kind !== "present") return { kind: "taken", by: null };
  return there.value.nonce === claim.nonce ? { kind: "held" } : { kind: "taken", by: there.value };
}

async function putResult(storage: Storage, result: Result, signal?: AbortSignal): Promise<Written> {
  const outcome = await putOnce(storage, { name: "result.json", record: result }, signal);
  if (outcome.kind === "written") return "written";
  const there = readRecord(outcome.current, resultSchema, belongsTo(result.deployment));
  return there.kind === "present" && there.value.nonce === result.nonce ? "written" : "exists";
}

interface RecordToPut {
  readonly name: RecordName;
  readonly record: { readonly deployment: DeploymentId };
}

function putOnce(storage: Storage, { name, record }: RecordToPut, signal?: AbortSignal) {
  const object = { key: runKey(record.deployment, name), body: serializeRecord(record) };
  return storage.putConditionally({ ...object, condition: { kind: "absent" } }, signal);
}

function put(storage: Storage, { name, record }: RecordToPut, signal?: AbortSignal): Promise<void> {
  return storage.objects.put({ key: runKey(record.deployment, name), body: serializeRecord(record) }, signal);
}

interface RecordToRead<T> {
  readonly deployment: DeploymentId;
  readonly name: RecordName;
  readonly schema: z.ZodType<T>;
}

async function readOne<T extends { readonly deployment: DeploymentId }>(
  storage: Storage,
  { deployment, name, schema }: RecordToRead<T>,
  signal?: AbortSignal,
): Promise<RecordReading<T>> {
  const object = await storage.objects.get(runKey(deployment, name), signal);
  return readRecord(object, schema, belongsTo(deployment));
}
