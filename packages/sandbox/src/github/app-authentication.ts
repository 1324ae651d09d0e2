import { createPublicKey } from "node:crypto";
import type { GitHubCall } from "./github-call.ts";
import { GitHubFault } from "./github-fault.ts";
import type { AppState, GitHubState } from "./github-state.ts";

/** https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app */
const LONGEST_LIFE_SECONDS = 600;

interface Claims {
  readonly iss?: unknown;
  readonly iat?: unknown;
  readonly exp?: unknown;
}

/** The App whose JSON web token a call carries. GitHub tells an App that it does not know from a token that it can not verify. */
export async function authenticateApp({ authorization, state, now }: GitHubCall): Promise<AppState> {
  const token = /^bearer (\S+)$/i.exec(authorization ?? "")?.[1];
  const claims = token === undefined ? null : readClaims(token);
  if (token === undefined || claims === null) throw undecodable();
  checkTimes(claims, Math.floor(now / 1000));
  const app = findApp(state, String(claims.iss));
  if (app === undefined) throw new GitHubFault(404, "Integration not found");
  for (const key of app.keys.values()) if (await isSignedWith(token, key)) return app;
  throw undecodable();
}

function readClaims(token: string): Claims | null {
  const [, payload = ""] = token.split(".");
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
    return typeof claims === "object" && claims !== null ? claims : null;
  } catch {
    return null;
  }
}

function checkTimes({ iat, exp }: Claims, now: number): void {
  if (typeof exp !== "number" || exp <= now) {
    throw new GitHubFault(
      401,
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    );
  }
  if (exp > now + LONGEST_LIFE_SECONDS)
    throw new GitHubFault(401, "'Expiration time' claim ('exp') is too far in the future");
  if (!Number.isInteger(iat) || Number(iat) > now) {
    throw new GitHubFault(
      401,
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    );
  }
}

function findApp({ apps }: GitHubState, issuer: string): AppState | undefined {
  return [...apps.values()].find(({ id, clientId }) => issuer === String(id) || issuer === clientId);
}

async function isSignedWith(token: string, publicKey: string): Promise<boolean> {
  // Not before somebody asks: most sandboxes are never asked.
  const { compactVerify } = await import("jose");
  try {
    await compactVerify(token, createPublicKey(publicKey), { algorithms: ["RS256"] });
    return true;
  } catch {
    return false;
  }
}

function undecodable(): GitHubFault {
  return new GitHubFault(401, "A JSON web token could not be decoded");
}
