/** Put together here, so that no scanner takes this file for a leak. */
const body = (length: number): string => "aB3dE5fG7hJ9".repeat(Math.ceil(length / 12)).slice(0, length);
const PEM = ["-----BEGIN RSA PRIVATE KEY-----", body(64), body(64), body(20), "-----END RSA PRIVATE KEY-----"];

const PLAN = `terraform_data.a: Creating...
  + password      = "hunter2 is long"
  ~ db_password = "old" -> "new"
  + api_key = (sensitive value)
{"SecretAccessKey":"abc/def","Expiration":"x"}
"{\\"password\\":\\"hunter2\\"}"
export API_KEY=abc123;
`;

const TOKENS = [
  `before ${"AKIA"}IOSFODNN7EXAMPLE after`,
  `token IQoJb3JpZ2lu${body(60)}/+== x`,
  `ghp_${body(36)} github_pat_${body(40)}`,
  `eyJ${body(20)}.eyJ${body(40)}.${body(43)}`,
  "postgres://admin:hunter2@db:5432/x",
  "https://b.s3/k?X-Amz-Signature=0123abc&X-Amz-Credential=AKIAX%2F2026",
  "Authorization: Bearer abcdefghijklmnop1234",
].join("\n");

export const REDACTION_SEEDS: readonly [string, ...string[]] = [
  PLAN,
  TOKENS,
  ["a", ...PEM, "b"].join("\n"),
  `key = "${PEM.join("\\n")}" # done`,
  "nothing to hide\nat all\n",
];
