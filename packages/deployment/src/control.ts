import * as z from "zod";
import { deploymentIdSchema, imageDigestSchema, instantSchema } from "./identifiers.ts";

const common = {
  schema: z.literal(1),
  /** Unique; a control is applied once for each id. */
  id: z.string().regex(/^[A-Za-z0-9-]{1,64}$/),
  by: z.string().min(1),
  reason: z.string().min(1),
  at: instantSchema,
};
const ofImage = { ...common, image: z.string() };

/** `controls/<time>-<id>.json`: what a person asked for, with who and why. */
export const controlSchema = z.discriminatedUnion("kind", [
  /**
   * Deploy nothing but this digest; null: what is live now. Where a failed deployment may have changed the account since,
   * that digest is deployed again.
   */
  z.strictObject({
    ...ofImage,
    kind: z.literal("hold"),
    digest: imageDigestSchema.nullable(),
    /** What the digest was built from, where the person knows it: an area remembers two digests, a history all. */
    commit: z.string().nullable().default(null),
  }),
  z.strictObject({ ...ofImage, kind: z.literal("unhold") }),
  /** Forget the attempts at the present head; with an id, only while that deployment is the last of them. */
  z.strictObject({ ...ofImage, kind: z.literal("retry"), deployment: deploymentIdSchema.nullable().default(null) }),
  /** Release an image that `unknown` or `state-unsaved` blocked; with an id, only while that deployment blocks it. */
  z.strictObject({ ...ofImage, kind: z.literal("unblock"), deployment: deploymentIdSchema.nullable().default(null) }),
  /** Stop the image's deployment; with an id, only that one. */
  z.strictObject({ ...ofImage, kind: z.literal("cancel"), deployment: deploymentIdSchema.nullable() }),
  /** Start the present head even outside the windows. */
  z.strictObject({ ...ofImage, kind: z.literal("deploy-now") }),
  /** Start nothing in the whole area; what runs goes on. */
  z.strictObject({ ...common, kind: z.literal("pause") }),
  z.strictObject({ ...common, kind: z.literal("resume") }),
]);
export type Control = z.infer<typeof controlSchema>;

/** What is about the whole area. */
export type AreaControl = Extract<Control, { kind: "pause" | "resume" }>;

/** What is about one image. */
export type ImageControl = Exclude<Control, AreaControl>;

export function isAreaControl(control: Control): control is AreaControl {
  return control.kind === "pause" || control.kind === "resume";
}
