import { WindlassError } from "@windlass/windlass-error";

export type InfraErrorCode =
  /** Environment and context say not where the mapping is, or the file can not be read. */
  | "mapping-unreadable"
  /** A bundle or program that a stack carries is not there. */
  | "artifact-missing"
  /** A repository has more tags that move than ECR can except from immutability. */
  | "too-many-moving-tags"
  /** More repositories than a stack can hold. */
  | "too-many-repositories"
  /** A policy is longer than AWS takes it. */
  | "policy-too-long";

/** Why templates can not be made of a mapping. */
export class InfraError extends WindlassError<InfraErrorCode> {
  override readonly name = "InfraError";
}
