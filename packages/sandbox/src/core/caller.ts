import { SandboxError } from "./sandbox-error.ts";
import type { Caller } from "./service.ts";

/** Whom to be: the account's own user, or a session of one of its roles. */
export interface Identity {
  /** Twelve digits. */
  readonly account: string;
  readonly role?: string | undefined;
  /** `sandbox` when only a role is given. */
  readonly session?: string | undefined;
}

/** What SDK clients take as `credentials`. */
export interface SandboxCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

const accountPattern = /^\d{12}$/;
// IAM names and session names: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
const rolePattern = /^[\w+=,.@-]{1,64}$/;
const sessionPattern = /^[\w+=,.@-]{2,64}$/;

export function isAccountId(text: string): boolean {
  return accountPattern.test(text);
}

export function isSessionName(text: string): boolean {
  return sessionPattern.test(text);
}

/**
 * Credentials that the sandbox takes for that identity. The access key id names it; the secret is not checked.
 *
 * @throws SandboxError `bad-identity`
 */
export function credentialsFor(identity: Identity): SandboxCredentials {
  const accessKeyId = accessKeyFor(identity);
  const credentials = { accessKeyId, secretAccessKey: "sandbox" };
  return identity.role === undefined ? credentials : { ...credentials, sessionToken: "sandbox" };
}

/** `<account>` or `<account>.<role>.<session>`; dots inside a name are written `%2E`. */
export function accessKeyFor({ account, role, session }: Identity): string {
  const key =
    role === undefined ? account : [account, escapeName(role), escapeName(session ?? defaultSession)].join(".");
  if (readCaller(key) !== null) return key;
  throw new SandboxError({
    code: "bad-identity",
    message: "no such identity can exist",
    expected: "an account of twelve digits, and IAM names for role and session",
    found: JSON.stringify({ account, role, session }),
  });
}

/** Who an access key id stands for; null where it is none of the sandbox's. */
export function readCaller(accessKeyId: string): Caller | null {
  const [account = "", role, session, ...rest] = accessKeyId.split(".").map(unescapeName);
  if (!isAccountId(account) || rest.length > 0) return null;
  if (role === undefined) return { account, role: null, session: null, arn: `arn:aws:iam::${account}:user/sandbox` };
  if (session === undefined || !rolePattern.test(role) || !sessionPattern.test(session)) return null;
  return { account, role, session, arn: `arn:aws:sts::${account}:assumed-role/${role}/${session}` };
}

const defaultSession = "sandbox";

function escapeName(name: string): string {
  return name.replaceAll(".", "%2E");
}

function unescapeName(name: string): string {
  return name.replaceAll("%2E", ".");
}
