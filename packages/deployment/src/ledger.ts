/** The ledger: an area's record of heads, live digests and deployments. Written by the area's Lambda alone. */
import * as z from "zod";
import { deploymentIdSchema, imageDigestSchema, instantSchema } from "./identifiers.ts";
import { namedRecord } from "./named-record.ts";
import { blockingOutcomeSchema, outcomeSchema } from "./outcome.ts";
import { deliverySchema, reportRecordSchema, shownImageSchema } from "./report-record.ts";
import {
  brokenLockSchema,
  failureSchema,
  MOST_DEAD,
  phaseSchema,
  planCountsSchema,
  runNotesSchema,
} from "./run-records.ts";

export const LEDGER_SCHEMA = 1;

/** The digest that carries the area's tag. */
export const headSchema = z.strictObject({
  digest: imageDigestSchema,
  commit: z.string().nullable(),
  /** When the digest was pushed; a re-tag does not move it, so it orders nothing. */
  pushedAt: instantSchema.nullable(),
});
export type Head = z.infer<typeof headSchema>;

/** The digest that was last deployed successfully. */
export const liveSchema = z.strictObject({
  digest: imageDigestSchema,
  commit: z.string().nullable(),
  deployment: deploymentIdSchema,
  at: instantSchema,
});
export type Live = z.infer<typeof liveSchema>;

/** Who asked for something, why, and through which control. */
export const requestSchema = z.strictObject({
  control: z.string(),
  by: z.string(),
  reason: z.string(),
  at: instantSchema,
});
export type Request = z.infer<typeof requestSchema>;

export const holdSchema = z.strictObject({
  /** Null: nothing was live when the hold came, so nothing is deployed. */
  digest: imageDigestSchema.nullable(),
  /** As whoever asked for it says; null where they did not. */
  commit: z.string().nullable().default(null),
  request: requestSchema,
});
export type Hold = z.infer<typeof holdSchema>;

/** Counts what was tried with one target digest; begins anew when the target changes. */
export const attemptsSchema = z.strictObject({
  digest: imageDigestSchema,
  /** Ended `failed`. */
  failed: z.int().nonnegative(),
  /** Ended `lost` or `never-started`. */
  interrupted: z.int().nonnegative(),
  /** A person cancelled it: not tried again by itself. */
  cancelled: z.boolean(),
  /** No new attempt before this time. */
  notBefore: instantSchema.nullable(),
  last: z.strictObject({ deployment: deploymentIdSchema, outcome: outcomeSchema }),
});
export type Attempts = z.infer<typeof attemptsSchema>;

export const imageRecordSchema = z.strictObject({
  head: headSchema.nullable(),
  live: liveSchema.nullable(),
  /** What was live before, for a rollback. */
  previous: liveSchema.nullable(),
  hold: holdSchema.nullable(),
  /** Set by `unknown` and `state-unsaved`, released by a person. */
  block: z
    .strictObject({ deployment: deploymentIdSchema, outcome: blockingOutcomeSchema, at: instantSchema })
    .nullable(),
  attempts: attemptsSchema.nullable(),
  /**
   * A deployment that ended otherwise than succeeded may have changed the account: what is live is then only what was
   * last proven, and going back to it takes a deployment, too.
   */
  disturbed: z.strictObject({ deployment: deploymentIdSchema, at: instantSchema }).nullable(),
  /**
   * Deployments that did not succeed and of which EC2 has confirmed that their instance is gone; newest last. What they
   * locked may still be locked.
   */
  dead: z
    .array(z.strictObject({ deployment: deploymentIdSchema, instance: z.string(), at: instantSchema }))
    .max(MOST_DEAD),
  /** Deployments that ended without success while their instance was there; EC2 is asked until it is gone. */
  leaving: z
    .array(
      z.strictObject({
        deployment: deploymentIdSchema,
        instance: z.string(),
        /** When it was launched. */
        since: instantSchema,
        /** Since when EC2, each time that it was asked, did not know it. */
        unknownSince: instantSchema.nullable(),
      }),
    )
    .max(MOST_DEAD)
    .default([]),
  /** A person allowed the next start of this digest outside the windows. */
  deployNow: z.strictObject({ digest: imageDigestSchema, request: requestSchema }).nullable(),
  /** What GitHub shows of it; null while that is nothing. */
  shown: shownImageSchema.nullable(),
});
export type ImageRecord = z.infer<typeof imageRecordSchema>;

export const activeStateSchema = z.enum(["waiting", "launching", "running"]);

/** One group's part in an instance refresh. */
export const groupRefreshSchema = z.strictObject({
  /** The tick that committed this intent has until then to start it; afterwards it may be intended anew. */
  intentUntil: instantSchema,
  /**
   * The id that came back from the start. Where a crash lost it, the refresh that may be running is waited for and
   * another is started: only a refresh known to be ours makes a digest live.
   */
  refreshId: z.string().nullable(),
  /** EC2 Auto Scaling's status, or `Refused` where it would not start one. */
  status: z.string().nullable(),
  percentage: z.int().nullable(),
  /** EC2 Auto Scaling's own words. */
  reason: z.string().nullable(),
});
export type GroupRefresh = z.infer<typeof groupRefreshSchema>;

const groupRefreshesSchema = namedRecord(groupRefreshSchema);

export const refreshSchema = z.discriminatedUnion("stage", [
  /** Brings the new digest. */
  z.strictObject({
    stage: z.literal("rolling"),
    groups: groupRefreshesSchema,
    /** What the groups would return to; null where nothing was live. */
    previousDigest: imageDigestSchema.nullable(),
    /** Why it is being stopped. */
    failure: failureSchema.nullable(),
  }),
  /** Returns the groups to the digest before. */
  z.strictObject({
    stage: z.literal("rolling-back"),
    groups: groupRefreshesSchema,
    previousDigest: imageDigestSchema,
    since: instantSchema,
    /** Why the roll-out is being taken back. */
    failure: failureSchema,
  }),
]);
export type Refresh = z.infer<typeof refreshSchema>;

/** One attempt to bring one digest of one image to the area. */
export const deploymentSchema = z.strictObject({
  id: deploymentIdSchema,
  /** Fencing token: strictly grows over the area's deployments. */
  epoch: z.int().positive(),
  image: z.string(),
  kind: z.enum(["terraform", "instance-refresh"]),
  digest: imageDigestSchema,
  commit: z.string().nullable(),
  /** When the digest was pushed, where it was the head; null where that is not known, as of a hold at an older digest. */
  pushedAt: instantSchema.nullable().default(null),
  /** 1 for the first attempt at this target. */
  attempt: z.int().positive(),
  state: z.enum([...activeStateSchema.options, ...outcomeSchema.options]),
  /** Since when the image waits; a deployment that supersedes another keeps its place. */
  waitingSince: instantSchema,
  launchedAt: instantSchema.nullable(),
  /** Set where a `deploy-now` allowed the start. */
  startedBy: requestSchema.nullable(),
  /** The claim's holder. */
  holder: z.strictObject({ instance: z.string(), nonce: z.string(), at: instantSchema }).nullable(),
  /** As stored in the lease that was last seen. */
  phase: phaseSchema.nullable(),
  progress: z.string().nullable(),
  /** Why the Lambda means to take the claim of a deployment that did not start; null while it may still start. */
  closing: failureSchema.nullable(),
  /** Whether an instance was seen in the deploy group since the launch. */
  instanceSeen: z.boolean(),
  /** Since when every tick saw the lease expired. */
  leaseExpiredSince: instantSchema.nullable(),
  /** Since when the watchdog has been ending the instance. */
  endingSince: instantSchema.nullable(),
  /** Since when EC2, each time that it was asked, did not know the instance. */
  instanceUnknownSince: instantSchema.nullable(),
  cancel: requestSchema.nullable(),
  refresh: refreshSchema.nullable(),
  endedAt: instantSchema.nullable(),
  exitCode: z.int().nullable(),
  plan: planCountsSchema.nullable(),
  failure: failureSchema.nullable(),
  /** It succeeded without applying anything: the plan had nothing in it. */
  noop: z.boolean(),
  /** The state lock of a dead deployment that it broke. */
  brokenLock: brokenLockSchema.nullable(),
  notes: runNotesSchema,
});
export type Deployment = z.infer<typeof deploymentSchema>;

/** `ledger.json`. */
const ledgerFieldsSchema = z.strictObject({
  schema: z.literal(LEDGER_SCHEMA),
  workload: z.string(),
  area: z.string(),
  account: z.string(),
  /** The last epoch that was handed out. */
  epoch: z.int().nonnegative(),
  images: namedRecord(imageRecordSchema),
  /** Those that have not ended, and those that ended but are not in the history yet. */
  deployments: namedRecord(deploymentSchema),
  /** Ids of controls that were applied, and when; kept while their object is listed, and for a day at least. */
  appliedControls: namedRecord(instantSchema),
  /** Instances in the deploy group that work for no deployment, and when they were first seen. */
  strays: namedRecord(instantSchema),
  /** The newest launch failure that has ended a deployment; older ones say nothing about a later launch. */
  launchFailureSeen: instantSchema.nullable(),
  /** While it is set, nothing starts in the area; what runs goes on. */
  pause: requestSchema.nullable().default(null),
  /** By deployment: what is still to be shown of it on GitHub and SNS. */
  reports: namedRecord(reportRecordSchema),
  delivery: deliverySchema,
  updatedAt: instantSchema,
});

/** What one part of a ledger says of another: everything that looks a deployment up relies on it. */
export const ledgerSchema = ledgerFieldsSchema.superRefine(({ epoch, deployments }, context) => {
  for (const [id, deployment] of Object.entries(deployments)) {
    if (deployment.id !== id) {
      const message = `expected the deployment under its own id, found ${deployment.id}`;
      context.addIssue({ code: "custom", path: ["deployments", id, "id"], message });
    }
    if (deployment.epoch > epoch) {
      const message = `expected an epoch up to the ledger's ${epoch}, found ${deployment.epoch}`;
      context.addIssue({ code: "custom", path: ["deployments", id, "epoch"], message });
    }
  }
});
export type Ledger = z.infer<typeof ledgerSchema>;
