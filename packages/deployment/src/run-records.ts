/**
 * The records of one run, under `runs/<deployment>/` in the state bucket. One writer each; see each schema.
 * Lambda and runner may be of different versions, so readers refuse a `schema` that they do not know.
 */
import * as z from "zod";
import { deploymentIdSchema, imageDigestSchema, instantSchema } from "./identifiers.ts";
import { namedRecord } from "./named-record.ts";

/** So many dead deployments of an image are remembered. */
export const MOST_DEAD = 20;

/** `assignment.json`, written once by the Lambda: all that the runner needs to know. */
export const assignmentSchema = z.strictObject({
  schema: z.literal(1),
  deployment: deploymentIdSchema,
  epoch: z.int().positive(),
  workload: z.string(),
  area: z.string(),
  account: z.string(),
  region: z.string(),
  image: z.string(),
  kind: z.literal("terraform"),
  digest: imageDigestSchema,
  commit: z.string().nullable(),
  registry: z.strictObject({ account: z.string(), region: z.string() }),
  repository: z.string(),
  timeoutSeconds: z.int().positive(),
  /** `image`: the module has a backend of its own; `managed`: the runner gives it one in the area's bucket; `store`: the
   * working directory's folder `store/` is the state, and the runner keeps it in the area's bucket. */
  state: z.enum(["image", "managed", "store"]),
  /** Arguments for the image's own entry point, which runs instead of Terraform's steps; null: Terraform's steps run. */
  entrypoint: z.array(z.string().min(1)).min(1).nullable(),
  variables: namedRecord(z.string()),
  /** The area's Git branch. */
  branch: z.string(),
  /** Where the image's reports go; null where the mapping names no organization. */
  github: z.strictObject({ organization: z.string(), repository: z.string() }).nullable(),
  /** An earlier deployment of this image may have left a state: one that is missing is lost, not new. */
  expectsState: z.boolean(),
  /**
   * Deployments of this image whose instance EC2 has confirmed terminated, newest last: a state lock that one of them
   * holds may be broken, and no other.
   */
  confirmedDead: z.array(deploymentIdSchema).max(MOST_DEAD),
  decidedAt: instantSchema,
});
export type Assignment = z.infer<typeof assignmentSchema>;

const claimFields = {
  schema: z.literal(1),
  deployment: deploymentIdSchema,
  epoch: z.int().positive(),
  /** Random; tells one's own claim from another's when a reply was lost. */
  nonce: z.string().min(1),
  at: instantSchema,
};
/**
 * `claim.json`, written once (`If-None-Match: *`) by the runner, or by the Lambda to close an unclaimed deployment. The
 * instance's boot script claims as the runner does, where it can not start the runner.
 */
export const claimSchema = z.discriminatedUnion("holder", [
  z.strictObject({ ...claimFields, holder: z.literal("runner"), instance: z.string() }),
  z.strictObject({ ...claimFields, holder: z.literal("lambda"), instance: z.null() }),
]);
export type Claim = z.infer<typeof claimSchema>;

/** From `applying` on, the world may have changed. */
export const phaseSchema = z.enum(["claimed", "pulling", "planning", "applying", "saving"]);
export type Phase = z.infer<typeof phaseSchema>;

/** `lease.json`, rewritten by the claim's holder every 20 s and at each change of phase. */
export const leaseSchema = z.strictObject({
  schema: z.literal(1),
  deployment: deploymentIdSchema,
  epoch: z.int().positive(),
  instance: z.string(),
  nonce: z.string().min(1),
  phase: phaseSchema,
  /** For people, e.g. `12/40`. */
  progress: z.string().nullable(),
  /** The runner's clock; only for people: a lease's age is measured by S3's. */
  at: instantSchema,
});
export type Lease = z.infer<typeof leaseSchema>;

export const planCountsSchema = z.strictObject({
  add: z.int().nonnegative(),
  change: z.int().nonnegative(),
  destroy: z.int().nonnegative(),
});
export type PlanCounts = z.infer<typeof planCountsSchema>;

/** Why a deployment ended as it did, for people; `code` for programs. */
export const failureSchema = z.strictObject({
  code: z.string(),
  /** Redacted; at most 4,000 characters. */
  message: z.string(),
  hint: z.string().nullable(),
});
export type Failure = z.infer<typeof failureSchema>;

/** A Terraform state lock that a run broke: it was held by a deployment that EC2 has confirmed dead. */
export const brokenLockSchema = z.strictObject({
  /** Terraform's id of the lock. */
  id: z.string(),
  holder: deploymentIdSchema,
  /** When the lock was taken, as the lock itself says. */
  created: z.string().nullable(),
});
export type BrokenLock = z.infer<typeof brokenLockSchema>;

/** What people should know of a run though nothing failed. */
export const runNotesSchema = z.array(z.string().max(500)).max(20);

/** `result.json`, written once (`If-None-Match: *`) and last by the claim's holder. */
export const resultSchema = z.strictObject({
  schema: z.literal(1),
  deployment: deploymentIdSchema,
  epoch: z.int().positive(),
  instance: z.string(),
  nonce: z.string().min(1),
  /**
   * - `noop`: the plan had nothing in it, so nothing was applied; a success like `succeeded`.
   * - `interrupted`: the host or the lost lease stopped it before anything was applied, so it may be tried again.
   * - `never-started`: the instance's boot script took the claim, since the runner could not even be started there.
   */
  outcome: z.enum([
    "succeeded",
    "noop",
    "failed",
    "cancelled",
    "interrupted",
    "never-started",
    "state-unsaved",
    "unknown",
  ]),
  /** Of the step that decided the outcome; null where none ran. */
  exitCode: z.int().nullable(),
  /** What really ran, measured by the runner; null where nothing ran. */
  digest: imageDigestSchema.nullable(),
  plan: planCountsSchema.nullable(),
  failure: failureSchema.nullable(),
  steps: z.array(
    z.strictObject({
      step: z.enum(["init", "plan", "show", "apply", "entrypoint", "unlock"]),
      exitCode: z.int(),
      seconds: z.number().nonnegative(),
    }),
  ),
  brokenLock: brokenLockSchema.nullable(),
  notes: runNotesSchema,
  startedAt: instantSchema,
  endedAt: instantSchema,
});
export type Result = z.infer<typeof resultSchema>;

/** `cancel.json`, written by the Lambda: asks a run to stop. */
export const cancelSchema = z.strictObject({
  schema: z.literal(1),
  deployment: deploymentIdSchema,
  by: z.string(),
  reason: z.string(),
  at: instantSchema,
});
export type Cancel = z.infer<typeof cancelSchema>;
