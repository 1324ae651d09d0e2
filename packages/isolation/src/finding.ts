import type { Place } from "./statement.ts";

export type FindingCode =
  /** A policy, or what it is about, is known to the deployment alone. */
  | "cannot-resolve"
  /** A policy that IAM would not take, or that says what is not understood here. */
  | "policy-unreadable"
  /** A type of resources that is not known here. */
  | "unknown-type"
  /** Anybody may do something, without credentials. */
  | "open-to-all"
  /** Principals of accounts that are not in the mapping may do something, such as all of an organisation. */
  | "open-to-strangers"
  /** A principal of another account of the mapping may do something. */
  | "open-to-account"
  /** A service may do something on behalf of other accounts. */
  | "open-to-service"
  /** An identity provider decides who comes in. */
  | "open-to-federation"
  /** An account's images are pushed into another registry. */
  | "replication"
  /** Something is shared by other means than a policy, e.g. an ACL. */
  | "shared"
  /** A principal's policy names something of another account. */
  | "reaches-out"
  /** A role of an area may read images that it does not need. */
  | "reads-too-much"
  /** A role can give itself, or get by another one, more than it has. */
  | "can-escalate"
  /** A principal's rights can not be known, since the policy is none of the templates'. */
  | "rights-unknown"
  /** A permissions boundary leaves open what it must deny. */
  | "boundary-hole"
  /** A bucket takes requests through access points, which the boundary does not know. */
  | "bucket-by-access-point";

/** Something that keeps the proof from being one. */
export interface Finding extends Place {
  readonly code: FindingCode;
  /** What is wrong. */
  readonly why: string;
  readonly hint: string;
}
