import { createHash } from "node:crypto";
import { accessKeyFor, isSessionName } from "../core/caller.ts";
import { describeFormValue } from "../core/form.ts";
import { type ActionContext, AwsFault } from "../core/service.ts";
import { issueSessionToken } from "../core/session-token.ts";
import { trustOf } from "./role-trust.ts";
import { stableId } from "./stable-id.ts";

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export function assumeRole(input: Readonly<Record<string, unknown>>, context: ActionContext): unknown {
  const role = readRole(input["RoleArn"]);
  const session = readSessionName(input["RoleSessionName"]);
  const policy = readPolicy(input["Policy"]);
  checkTrust(role, context);
  const asked = readDuration(input["DurationSeconds"], maxSession(role, context), context);
  const { world, clock } = context;
  const seconds = Math.min(asked, trustOf(world, role.account).get(role.name)?.endSessionsAfterSeconds ?? asked);
  const expiresAt = Math.floor(clock.now() / 1000 + seconds) * 1000;
  const token = issueSessionToken(expiresAt, world.hexId(16));
  const result = {
    Credentials: {
      AccessKeyId: accessKeyFor({ account: role.account, role: role.name, session }),
      SecretAccessKey: secretFor(token),
      SessionToken: token,
      // Whole seconds, as the service writes them.
      Expiration: new Date(expiresAt).toISOString().replace(".000Z", "Z"),
    },
    AssumedRoleUser: {
      AssumedRoleId: `${stableId("AROA", `${role.account}/${role.name}`)}:${session}`,
      Arn: `arn:aws:sts::${role.account}:assumed-role/${role.name}/${session}`,
    },
  };
  return policy === undefined ? result : { ...result, PackedPolicySize: Math.ceil((policy.length / 2048) * 100) };
}

/** Not checked, but as long as AWS's, and another in each session: who looks for it in a text shall not find other things. */
function secretFor(token: string): string {
  return createHash("sha256").update(token).digest("base64").slice(0, 40);
}

interface Role {
  readonly account: string;
  readonly name: string;
  readonly arn: string;
}

function readRole(value: unknown): Role {
  const arn = typeof value === "string" ? value : "";
  // A path belongs to the role's ARN and not to its session's.
  const match = /^arn:aws:iam::(\d{12}):role\/(?:[\u0021-\u007e]*\/)?([\w+=,.@-]{1,64})$/.exec(arn);
  const [, account, name] = match ?? [];
  if (account === undefined || name === undefined) throw invalid(`${arn || "RoleArn"} is invalid`);
  return { account, name, arn };
}

function readSessionName(value: unknown): string {
  if (typeof value === "string" && isSessionName(value)) return value;
  throw invalid(
    `1 validation error detected: Value '${describeFormValue(value ?? "")}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]{2,64}`,
  );
}

/** The text counts, 2,048 characters at most; its statements are not evaluated. */
function readPolicy(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== "string") {
    throw new AwsFault("MalformedPolicyDocument", "The policy is not in the valid JSON format.");
  }
  if (value.length > 2048) {
    throw new AwsFault("PackedPolicyTooLarge", "The session policy is longer than 2048 characters");
  }
  try {
    JSON.parse(value);
  } catch {
    throw new AwsFault("MalformedPolicyDocument", "The policy is not in the valid JSON format.");
  }
  return value;
}

/** Another account needs the role's trust: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-trust-policy.html */
function checkTrust(role: Role, { caller, world }: ActionContext): void {
  const trusted = trustOf(world, role.account).get(role.name)?.accounts ?? [];
  if (caller.account === role.account || trusted.includes(caller.account)) return;
  const text = `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${role.arn}`;
  throw new AwsFault("AccessDenied", text, { status: 403 });
}

function maxSession(role: Role, { world }: ActionContext): number {
  return trustOf(world, role.account).get(role.name)?.maxSessionSeconds ?? 3600;
}

function readDuration(value: unknown, longest: number, { caller }: ActionContext): number {
  const seconds = value === undefined ? 3600 : readSeconds(value);
  if (!Number.isInteger(seconds) || seconds < 900 || seconds > 43_200) {
    throw invalid(
      `1 validation error detected: Value '${describeFormValue(value)}' at 'durationSeconds' failed to satisfy constraint: Member must have value between 900 and 43200`,
    );
  }
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining
  if (caller.role !== null && seconds > 3600) {
    throw invalid("The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining");
  }
  if (seconds > longest && value !== undefined) {
    throw invalid("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
  }
  return Math.min(seconds, longest);
}

/** Digits alone: `Number` would also read `0x400`, and would throw for a structure. */
function readSeconds(value: unknown): number {
  return typeof value === "string" && /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
}

function invalid(message: string): AwsFault {
  return new AwsFault("ValidationError", message);
}
