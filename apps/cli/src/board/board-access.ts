import { timingSafeEqual } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import { CliError } from "../cli-error.ts";
import { showError } from "../show-error.ts";
import { BOARD_HEADER } from "./board-api.ts";

export interface BoardAccess {
  /** Whoever has it may do everything that the person's own credentials may do. */
  readonly token: string;
  /** What this server is called in an address, such as `127.0.0.1:43210`. */
  readonly host: string;
}

/**
 * Lets in who has the token, and no page of anybody else's: it must be asked for by its own name (a name of somebody else's
 * that resolves to this machine is refused), and what changes something only by its own pages. Nothing may be framed, and
 * pages run and load only what this server has.
 */
export function guardBoard(access: BoardAccess): readonly MiddlewareHandler[] {
  return [headers(), checkHost(access), checkOrigin(access), checkToken(access)];
}

const POLICY = [
  "default-src 'none'",
  ...["script-src 'self'", "style-src 'self'", "img-src 'self' data:", "connect-src 'self'"],
  ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
];

const HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": POLICY.join("; "),
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "cache-control": "no-store",
};

function headers(): MiddlewareHandler {
  return async (context, next) => {
    await next();
    for (const [name, value] of Object.entries(HEADERS)) context.header(name, value);
  };
}

function checkHost({ host }: BoardAccess): MiddlewareHandler {
  return async (context, next) => {
    if (context.req.header("host") === host) return next();
    return refuse(context, "this server is called otherwise", { expected: host });
  };
}

/** Browsers send `Origin` with whatever is no plain navigation, and let no page of another origin send a header of its own. */
function checkOrigin({ host }: BoardAccess): MiddlewareHandler {
  return async (context, next) => {
    const origin = context.req.header("origin");
    const site = context.req.header("sec-fetch-site");
    const isForeign =
      (origin !== undefined && origin !== `http://${host}`) || site === "cross-site" || site === "same-site";
    // The address with the token is opened from elsewhere: a terminal, a chat.
    if (isForeign && !isEntry(context)) return refuse(context, "the request came from a page that is not the board's");
    if (context.req.method === "GET" || context.req.method === "HEAD") return next();
    if (context.req.header(BOARD_HEADER) !== undefined) return next();
    return refuse(context, "the request did not come from a page of the board", {
      expected: `the header ${BOARD_HEADER}`,
    });
  };
}

type Context = Parameters<MiddlewareHandler>[0];

function isEntry({ req }: Context): boolean {
  return req.method === "GET" && req.path === "/" && req.query("token") !== undefined;
}

function checkToken({ token, host }: BoardAccess): MiddlewareHandler {
  // Cookies do not tell ports apart: another board's on this machine must not go over this one's.
  const cookie = `windlass-board-${host.split(":").at(-1) ?? ""}`;
  return async (context, next) => {
    const given = context.req.query("token");
    if (isEntry(context) && given !== undefined && isSame(given, token)) {
      context.header("set-cookie", `${cookie}=${token}; HttpOnly; SameSite=Strict; Path=/`);
      // Away from the address line, and from what the browser remembers.
      return context.redirect("/", 303);
    }
    const cookies = (context.req.header("cookie") ?? "").split("; ");
    if (cookies.some((one) => isSame(one, `${cookie}=${token}`))) return next();
    return refuse(context, "the token is missing, or of another board", {
      hint: "open the address that windlass board printed",
    });
  };
}

function isSame(given: string, token: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(token)];
  return one.length === other.length && timingSafeEqual(one, other);
}

function refuse(
  context: Context,
  message: string,
  more: { readonly expected?: string; readonly hint?: string } = {},
): Response {
  const error = new CliError({ code: "board-refused", message, ...more });
  if (context.req.path.startsWith("/api/")) return context.json({ error: showError(error) }, 403);
  return context.text(`${error.message}${more.hint === undefined ? "" : `: ${more.hint}`}\n`, 403);
}
