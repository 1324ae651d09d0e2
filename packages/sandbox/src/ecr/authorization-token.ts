import { accessKeyFor, readCaller } from "../core/caller.ts";
import { isObject } from "../core/is-object.ts";
import type { ActionContext, Caller } from "../core/service.ts";

/** API reference, `GetAuthorizationToken`. */
export const tokenLifetimeMs = 12 * 3_600_000;

export interface TokenBearer {
  readonly caller: Caller;
  readonly region: string;
  /** Milliseconds. */
  readonly expiresAt: number;
}

/**
 * The password of the user `AWS`: it stands for whoever asked for it, with exactly their permissions (ECR guide,
 * "Private registry authentication"), in their region, since an address without a host name tells none. It has the
 * outer form of AWS's.
 */
export function issueAuthorizationToken({ caller, region, clock, world }: ActionContext): string {
  const { account, role, session } = caller;
  const accessKey = accessKeyFor({ account, role: role ?? undefined, session: session ?? undefined });
  const payload = `${accessKey}/${region}/${world.hexId(64)}`;
  const expiration = (clock.now() + tokenLifetimeMs) / 1000;
  return Buffer.from(JSON.stringify({ payload, version: "2", type: "DATA_KEY", expiration })).toString("base64");
}

/** Whom the `Authorization` header of HTTP Basic stands for; null where it is not one of ECR's. */
export function readBasicAuthorization(header: string): TokenBearer | null {
  const [, encoded] = /^basic\s+(\S+)$/i.exec(header) ?? [];
  const [, password] = /^AWS:(.+)$/s.exec(Buffer.from(encoded ?? "", "base64").toString()) ?? [];
  const token = parse(Buffer.from(password ?? "", "base64").toString());
  if (!isObject(token)) return null;
  const { payload, expiration } = token;
  if (typeof payload !== "string" || typeof expiration !== "number") return null;
  const [accessKey = "", region = ""] = payload.split("/");
  const caller = readCaller(accessKey);
  return caller === null || region === "" ? null : { caller, region, expiresAt: expiration * 1000 };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
