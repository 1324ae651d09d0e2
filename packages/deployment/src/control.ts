import * as z from "zod";
import { deploymentIdSchema, imageDigestSchema, instantSchema } from "./identifiers.ts";

const common = {
  schema: z.literal(1),
  /** Unique; a control is applied once for each id. */
  id: z.string().regex(/^[A-Za-z0-9-]{1,64}$/),
  image: z.string(),
  by: z.string().min(1),
  reason: z.string().min(1),
  at: instantSchema,
};

/** `controls/<time>-<id>.json`: what a person asked for, with who and why. */
export const controlSchema = z.discriminatedUnion("kind", [
  /**
   * Deploy nothing but this digest; null: what is live now. Where a failed deployment may have changed the account since,
   * that digest is deployed again.
   */
  z.strictObject({ ...common, kind: z.literal("hold"), digest: imageDigestSchema.nullable() }),
  z.strictObject({ ...common, kind: z.literal("unhold") }),
  /** Forget the attempts at the present head. */
  z.strictObject({ ...common, kind: z.literal("retry") }),
  /** Release an image that `unknown` or `state-unsaved` blocked. */
  z.strictObject({ ...common, kind: z.literal("unblock") }),
  /** Stop the image's deployment; with an id, only that one. */
  z.strictObject({ ...common, kind: z.literal("cancel"), deployment: deploymentIdSchema.nullable() }),
  /** Start the present head even outside the windows. */
  z.strictObject({ ...common, kind: z.literal("deploy-now") }),
]);
export type Control = z.infer<typeof controlSchema>;
