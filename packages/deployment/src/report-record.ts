/** What GitHub and SNS show about each deployment, as the ledger keeps it until they show all of it. */
import * as z from "zod";
import { deploymentIdSchema, imageDigestSchema, instantSchema } from "./identifiers.ts";
import { outcomeSchema } from "./outcome.ts";

/** How far a deployment has come, as far as people are told. It only ever goes forward. */
export const reportStageSchema = z.enum(["waiting", "running", "ended"]);
export type ReportStage = z.infer<typeof reportStageSchema>;

/** Why something is not shown yet, and when it is tried again. */
export const reportTroubleSchema = z.strictObject({
  code: z.string(),
  /** For people; at most 300 characters. */
  message: z.string(),
  /** Only a person can mend it: parked, and tried again hourly. */
  permanent: z.boolean(),
  since: instantSchema,
  /** In a row. */
  failures: z.int().positive(),
  until: instantSchema,
});
export type ReportTrouble = z.infer<typeof reportTroubleSchema>;

/** One place where a deployment is shown. */
export const reportPlaceSchema = z.strictObject({
  /** The last stage that is shown there; null: nothing is. */
  shown: reportStageSchema.nullable(),
  /** Of what was made there: a check run's or deployment's id, an issue's number. */
  id: z.int().positive().nullable(),
  /** Making it was intended before, so it may be there although its id is not known: look before making another. */
  tried: z.boolean(),
  trouble: reportTroubleSchema.nullable(),
});
export type ReportPlace = z.infer<typeof reportPlaceSchema>;

/** One deployment's reports. They stay when it leaves the ledger for the history, until everything is shown. */
export const reportRecordSchema = z.strictObject({
  image: z.string(),
  digest: imageDigestSchema,
  commit: z.string().nullable(),
  /** Of the image's reports, in the mapping's GitHub organisation. */
  repository: z.string(),
  stage: reportStageSchema,
  /** When it came to this stage. */
  at: instantSchema,
  /** Whether it was ever launched: of what never was, nobody needs to be told unless it was shown waiting. */
  launched: z.boolean(),
  outcome: outcomeSchema.nullable(),
  /** When the same digest is tried again by itself. */
  retryAt: instantSchema.nullable(),
  /** The full commit, where GitHub has said it. */
  sha: z.string().nullable(),
  /** Null, here and below: nothing was done there yet. */
  check: reportPlaceSchema.nullable(),
  deployment: reportPlaceSchema.nullable(),
  issue: reportPlaceSchema.nullable(),
  topic: reportPlaceSchema.nullable(),
});
export type ReportRecord = z.infer<typeof reportRecordSchema>;

/** The delivery of reports as a whole. */
export const deliverySchema = z.strictObject({
  /** The tick that committed this delivers, and no other until then; null: nobody does. */
  until: instantSchema.nullable(),
  /** Writes that GitHub may still be asked for, as of `at`: see `write-allowance.ts`. */
  writes: z.number().nonnegative(),
  at: instantSchema,
  /** GitHub as a whole is left alone. */
  pause: reportTroubleSchema.nullable(),
});
export type DeliveryRecord = z.infer<typeof deliverySchema>;

/** What GitHub shows of an image, across its deployments. */
export const shownImageSchema = z.strictObject({
  repository: z.string(),
  /** The open issue, and the newest failed deployment that it tells of. */
  issue: z.strictObject({ number: z.int().positive(), deployment: deploymentIdSchema }).nullable(),
  /** The GitHub deployment that is shown as active, and whose it is. */
  active: z.strictObject({ id: z.int().positive(), deployment: deploymentIdSchema }).nullable(),
});
export type KnownIssue = NonNullable<ShownImage["issue"]>;
export type ShownImage = z.infer<typeof shownImageSchema>;
