import * as z from "zod";

/** `sha256:` and 64 hexadecimal digits: the one name of an image that can not be moved. */
export type ImageDigest = string & z.core.$brand<"ImageDigest">;

/** Names one deployment: sortable by time, legal as host name, tag value, S3 key and STS session name. */
export type DeploymentId = string & z.core.$brand<"DeploymentId">;

/** ISO 8601 in UTC with milliseconds, as `Date.prototype.toISOString` writes it. */
export type Instant = string & z.core.$brand<"Instant">;

export const imageDigestSchema = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/, "expected sha256: and 64 hexadecimal digits")
  .brand<"ImageDigest">();

export const deploymentIdSchema = z
  .string()
  .regex(/^\d{8}t\d{6}z-[1-9]\d*$/, "expected a deployment id such as 20261124t090000z-42")
  .brand<"DeploymentId">();

export const instantSchema = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/, "expected a UTC time such as 2026-11-24T09:00:00.000Z")
  .refine((text) => !Number.isNaN(Date.parse(text)), "expected a time that exists")
  .brand<"Instant">();

/** Throws a `ZodError` where the text is not a digest. */
export function parseImageDigest(text: string): ImageDigest {
  return imageDigestSchema.parse(text);
}

export function toInstant(date: Date): Instant {
  return date.toISOString() as Instant;
}

/** Whether that moment is still to come; null never is. */
export function isFuture(instant: Instant | null, now: Date): boolean {
  return instant !== null && Date.parse(instant) > now.getTime();
}

/** Whether a commit is named by all of its 40 hexadecimal digits, not by the first of them. */
export function isFullCommit(commit: string): boolean {
  return /^[0-9a-f]{40}$/.test(commit);
}

/** The id of the deployment that holds this epoch, decided at this moment. */
export function deploymentId(decidedAt: Date, epoch: number): DeploymentId {
  const stamp = decidedAt.toISOString().slice(0, 19).replaceAll(/[-:]/g, "").toLowerCase();
  return `${stamp}z-${epoch}` as DeploymentId;
}

/** The epoch that a deployment's id carries. */
export function epochOf(id: DeploymentId): number {
  return Number(id.slice(id.lastIndexOf("-") + 1));
}
