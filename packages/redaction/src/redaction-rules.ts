/** A pattern of a secret. Its group, where it has one, is kept: it says what was taken out. */
export interface RedactionRule {
  readonly name: string;
  readonly pattern: RegExp;
}

/** Names whose value is taken for a secret, as in `db_password = "..."`; what stands before them does not matter. */
const SECRET_NAME =
  "(?:password|passwd|passphrase|secret|token|api_?key|access_?key|private_?key|credentials?|connection_?string)";

/** What stands between a name and its value: `name = `, `"name": `, `name => `. */
const ASSIGN = "[\"']?\\s*(?:=>?|:)\\s*";
const QUOTED = '"(?:[^"\\\\]|\\\\.)+"';

/**
 * Only what has the shape of a secret or stands under the name of one. Long rules come first, so that a short one never
 * takes the marker of a long one apart. Repetitions that could begin anywhere are bounded: a line may be very long.
 */
export const REDACTION_RULES: readonly RedactionRule[] = [
  { name: "PEM block", pattern: /-----BEGIN [A-Z0-9 ]{1,64}-----.*?-----END [A-Z0-9 ]{1,64}-----/g },
  // In base64 `-----BEGIN` reads LS0tLS1CRUdJTi.
  { name: "PEM block", pattern: /LS0tLS1CRUdJTi[A-Za-z0-9+/=_%-]*/g },
  { name: "token", pattern: /\beyJ[A-Za-z0-9_-]{6,2048}\.[A-Za-z0-9_-]{6,16384}\.[A-Za-z0-9_-]*/g },
  // GitHub's tokens have no fixed length since they became stateless.
  { name: "token", pattern: /\b(?:gh[opsur]_|github_pat_)[A-Za-z0-9_.-]{16,}/g },
  { name: "token", pattern: /\b(?:glpat-|npm_|xox[abeoprs]-|[rs]k_live_|AIza)[A-Za-z0-9_-]{16,}/g },
  { name: "token", pattern: /\bhooks\.slack\.com\/services\/[A-Za-z0-9/_-]+/g },
  // Session tokens of AWS STS begin with one of these.
  { name: "AWS session token", pattern: /\b(?:IQoJb3JpZ2lu|FwoGZXIvYXdz|AQoDYXdz)[A-Za-z0-9+/=%_-]{16,}/g },
  { name: "AWS access key", pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b/g },
  // Whoever has the query of a presigned URL may do what it was made for.
  { name: "signature", pattern: /\b(X-Amz-(?:Signature|Credential|Security-Token)=)[^&"'\\\s]+/gi },
  { name: "signature", pattern: /\b(Signature=)[0-9a-f]{64}/g },
  { name: "authorization", pattern: /\b((?:bearer|basic)\s+)[A-Za-z0-9._~+/=-]{16,}/gi },
  { name: "password", pattern: /(:\/\/[^\s/:@"']{0,256}:)[^\s/@"']{1,1024}(?=@)/g },
  // The new value of a changed attribute; the old one falls to the next rule.
  { name: "value", pattern: new RegExp(`(${SECRET_NAME}${ASSIGN}${QUOTED}\\s*->\\s*)${QUOTED}`, "gi") },
  { name: "value", pattern: new RegExp(`(${SECRET_NAME}${ASSIGN})${QUOTED}`, "gi") },
  { name: "value", pattern: new RegExp(`(${SECRET_NAME}${ASSIGN})'[^']+'`, "gi") },
  // JSON within a string.
  { name: "value", pattern: new RegExp(`(${SECRET_NAME}\\\\"\\s*:\\s*\\\\")[^"\\\\]+`, "gi") },
  { name: "value", pattern: new RegExp(`(${SECRET_NAME}=)(?!\\[redacted )[^\\s"'&;,()]+`, "gi") },
  // Without quotes only where nothing follows: `password: hunter2`, not `invalid token: expected a name`.
  {
    name: "value",
    pattern: new RegExp(
      `(^[\\s+~│-]*(?:\\w[\\w-]*)?${SECRET_NAME}\\s*[:=]\\s+)(?!["'(<]|null\\b|true\\b|false\\b)\\S+$`,
      "gi",
    ),
  },
];
