import { createPrivateKey, type KeyObject, randomUUID } from "node:crypto";
import { SignJWT } from "jose";
import { GitHubNotifierError } from "./github-notifier-error.ts";

/** Who the App is, and how it proves that. */
export interface AppCredentials {
  /** The App's id, or its client id. */
  readonly appId: string;
  /** Signs a JSON web token as the App; a key that can not be read, in KMS for instance, signs here. */
  readonly createJwt: CreateJwt;
}

/** `timeDifference`: seconds by which GitHub's clock is ahead of this machine's, once that is known. */
export type CreateJwt = (
  appId: string | number,
  timeDifference?: number,
) => Promise<{ readonly jwt: string; readonly expiresAt: string }>;

export interface SigningOptions {
  /** The machine's clock by default. */
  readonly now?: (() => Date) | undefined;
  /** Makes the token's `jti`; a random UUID by default. */
  readonly newId?: (() => string) | undefined;
}

export interface CredentialsOptions extends SigningOptions {
  /** Where the text is from, for messages. */
  readonly where: string;
}

const EXPECTED = '{ "appId": "123456", "privateKey": "-----BEGIN RSA PRIVATE KEY-----..." }';
/**
 * GitHub's clock may be a little behind, and takes ten minutes at most:
 * https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app
 */
const ISSUED_BEFORE_SECONDS = 60;
const LIFE_SECONDS = 8 * 60;

/**
 * Reads the secret `{ "appId" | "clientId", "privateKey" }`; the key is PEM, or base64 of PEM, PKCS#1 or PKCS#8. Throws
 * `GitHubNotifierError` (`credentials-malformed`), which never quotes the secret.
 *
 * @example
 * ```ts
 * const credentials = parseAppCredentials(secretString, { where: "secret windlass/github-app" });
 * ```
 */
export function parseAppCredentials(text: string, options: CredentialsOptions): AppCredentials {
  const { where } = options;
  const { appId, clientId, privateKey } = readObject(text, where);
  const id = readId(appId) ?? readId(clientId);
  if (id === null) throw malformed(where, { found: "neither appId nor clientId", expected: EXPECTED });
  if (typeof privateKey !== "string" || privateKey === "")
    throw malformed(where, { found: "no privateKey", expected: EXPECTED });
  return { appId: id, createJwt: signWithKey(readKey(privateKey, where), options) };
}

/** Signs with a private key of RSA. */
export function signWithKey(
  key: KeyObject,
  { now = () => new Date(), newId = randomUUID }: SigningOptions = {},
): CreateJwt {
  return async (appId, timeDifference) => {
    // A difference that is known is one to the machine's clock.
    const base = timeDifference === undefined ? now().getTime() : Date.now() + timeDifference * 1000;
    const seconds = Math.floor(base / 1000);
    const expires = seconds + LIFE_SECONDS;
    // Two tokens of one second would be the same without an id, and GitHub refuses a token that it has seen.
    const jwt = await new SignJWT({})
      .setProtectedHeader({ alg: "RS256", typ: "JWT" })
      .setIssuer(String(appId))
      .setIssuedAt(seconds - ISSUED_BEFORE_SECONDS)
      .setExpirationTime(expires)
      .setJti(newId())
      .sign(key);
    return { jwt, expiresAt: new Date(expires * 1000).toISOString() };
  };
}

function readObject(text: string, where: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Said below; a parser's message would quote the secret.
  }
  throw malformed(where, { found: "text that is not a JSON object", expected: EXPECTED });
}

function readId(value: unknown): string | null {
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && /^[A-Za-z0-9.]{1,64}$/.test(text) ? text : null;
}

function readKey(text: string, where: string): KeyObject {
  const escaped = text.replaceAll("\\n", "\n").trim();
  const pem = escaped.startsWith("-----") ? escaped : Buffer.from(escaped, "base64").toString("utf8");
  const found = openKey(pem);
  if (found === null) {
    const hint = pem.includes("OPENSSH")
      ? "GitHub takes no OpenSSH keys: use the file that GitHub hands out"
      : undefined;
    throw malformed(where, {
      found: "a privateKey that is none",
      expected: "a PEM private key, or base64 of one",
      hint,
    });
  }
  if (found.asymmetricKeyType === "rsa") return found;
  throw malformed(where, { found: `a key of type ${found.asymmetricKeyType}`, expected: "an RSA key" });
}

function openKey(pem: string): KeyObject | null {
  try {
    return createPrivateKey(pem);
  } catch {
    return null;
  }
}

interface Mismatch {
  readonly found: string;
  readonly expected: string;
  readonly hint?: string | undefined;
}

function malformed(where: string, { found, expected, hint }: Mismatch): GitHubNotifierError {
  return new GitHubNotifierError({
    code: "credentials-malformed",
    message: "the GitHub App's credentials can not be used",
    where,
    expected,
    found,
    hint,
  });
}
