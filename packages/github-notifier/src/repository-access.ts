import type { Octokit } from "@octokit/rest";
import {
  type AppAccess,
  type AskContext,
  isGranted,
  NEEDED_PERMISSIONS,
  type RepositoryName,
  TroubleFound,
} from "./app-access.ts";
import { explainText } from "./explain-text.ts";
import { followRedirects } from "./follow-redirects.ts";
import { type ClientOptions, createClient } from "./octokit-client.ts";
import { hasStatus, isLimit } from "./request-failure.ts";
import { troubleOf } from "./trouble.ts";
import { requireId, requireText } from "./usable-answers.ts";

/** One repository, seen as the App's installation. */
export interface RepositoryClient extends RepositoryName {
  readonly octokit: Octokit;
  /** Its present full name, where that is another than the mapping's. */
  readonly movedTo: string | null;
  readonly appId: number;
  /** Looks the installation up anew; throws `TroubleFound` where it is gone or suspended. */
  confirm(): Promise<void>;
}

export interface RepositoryAccess {
  /** Throws `TroubleFound`, or what Octokit throws. */
  open(name: string, context: OpenContext): Promise<RepositoryClient>;
}

export interface OpenContext extends AskContext {
  /** Called right before a write to the repository is sent; what it throws keeps the write from that. */
  readonly beforeWrite: () => void;
}

export interface RepositoryAccessOptions extends Pick<ClientOptions, "apiUrl" | "fetch" | "pace" | "queues"> {
  readonly owner: string;
  readonly app: AppAccess;
  readonly now: () => Date;
}

interface Access extends RepositoryName {
  readonly token: string;
  /** By this machine's clock. */
  readonly expiresAt: number;
  readonly movedTo: string | null;
  readonly appId: number;
}

interface KnownInstallation {
  readonly id: number;
  readonly appId: number;
}

/** A token is fetched anew so long before it ends. */
const TOKEN_RESERVE_MS = 60_000;

export function createRepositoryAccess(options: RepositoryAccessOptions): RepositoryAccess {
  const { owner, app, now } = options;
  const tokens = new Map<string, Access>();
  /** One for the owner, whatever repositories it covers. */
  let installation: KnownInstallation | undefined;

  async function accessTo(repo: string, context: AskContext): Promise<Access> {
    const known = tokens.get(repo);
    if (known !== undefined && known.expiresAt - TOKEN_RESERVE_MS > now().getTime()) return known;
    const access = await fetchAccess(repo, context);
    tokens.set(repo, access);
    return access;
  }

  async function fetchAccess(repo: string, context: AskContext): Promise<Access> {
    if (installation === undefined) return lookUpAndFetch(repo, context);
    try {
      const token = await fetchToken({ installation, repositories: [repo], permissions: NEEDED_PERMISSIONS }, context);
      return { owner, repo, movedTo: null, appId: installation.appId, ...token };
    } catch (error) {
      // Installed anew, suspended, renamed, or short of a permission: the look-up tells.
      if (!hasStatus(error, 403, 404, 422) || isLimit(error)) throw error;
      return lookUpAndFetch(repo, context);
    }
  }

  async function lookUpAndFetch(repo: string, context: AskContext): Promise<Access> {
    const found = await app.findInstallation({ owner, repo }, context);
    const { id, app_id: appId, permissions } = found.installation;
    installation = { id, appId: requireId(appId) };
    const wanted = { installation, permissions: grantedOf(permissions, { owner, repo }) };
    if (found.movedId === null) {
      return {
        owner,
        repo,
        movedTo: null,
        appId,
        ...(await fetchToken({ ...wanted, repositories: [repo] }, context)),
      };
    }
    const token = await fetchToken({ ...wanted, repository_ids: [found.movedId] }, context);
    const name = await readName(token.token, repo, context);
    return { ...name, movedTo: `${name.owner}/${name.repo}`, appId, ...token };
  }

  async function readName(token: string, repo: string, context: AskContext): Promise<RepositoryName> {
    const reading = { ...context, beforeWrite: () => {} };
    const { data } = await clientFor(async () => token, reading).rest.repos.get({ owner, repo });
    return { owner: data.owner.login, repo: data.name };
  }

  async function fetchToken({ installation: { id }, ...narrowed }: WantedToken, context: AskContext) {
    const asked = now().getTime();
    const { data, headers } = await app.ask(
      (octokit) => octokit.rest.apps.createInstallationAccessToken({ installation_id: id, ...narrowed }),
      context,
    );
    const token = requireText(data.token, (text) => text !== "");
    const ends = Date.parse(requireText(data.expires_at, (text) => Number.isFinite(Date.parse(text))));
    // GitHub ends it by its own clock, from which this machine's may differ by more than a token's life.
    const said = Date.parse(headers.date ?? "");
    return { token, expiresAt: Number.isFinite(said) ? asked + (ends - said) : ends };
  }

  function clientFor(tokenOf: TokenAuth["tokenOf"], context: OpenContext): Octokit {
    return createClient({
      ...options,
      ...context,
      fetch: followRedirects({ fetch: options.fetch, onMoved: () => {} }),
      authStrategy: createTokenAuth,
      auth: { tokenOf, beforeWrite: context.beforeWrite },
    });
  }

  return {
    async open(name, context) {
      const { owner: presentOwner, repo, movedTo, appId } = await accessTo(name, context);
      const tokenOf = async (refresh: boolean) => {
        if (refresh) tokens.delete(name);
        return (await accessTo(name, context)).token;
      };
      const confirm = async () => void (await app.findInstallation({ owner, repo: name }, context));
      return { octokit: clientFor(tokenOf, context), owner: presentOwner, repo, movedTo, appId, confirm };
    },
  };
}

/** Of what the notifier needs, what the installation was given: the rest is told place by place. */
function grantedOf(
  granted: Readonly<Record<string, unknown>>,
  { owner, repo }: RepositoryName,
): Readonly<Record<string, string>> {
  const entries = Object.entries(NEEDED_PERMISSIONS).filter((needed) => isGranted(granted, needed));
  if (entries.some(([name]) => name !== "metadata")) return Object.fromEntries(entries);
  throw new TroubleFound(
    troubleOf(
      "permission-missing",
      `the App's installation may do nothing in ${owner}/${repo}: it needs checks, deployments and issues`,
      {
        scope: "github",
      },
    ),
  );
}

interface WantedToken {
  readonly installation: KnownInstallation;
  readonly permissions: Readonly<Record<string, string>>;
  readonly repositories?: string[];
  readonly repository_ids?: number[];
}

interface TokenAuth extends Pick<OpenContext, "beforeWrite"> {
  /** `refresh`: the one before was refused. */
  readonly tokenOf: (refresh: boolean) => Promise<string>;
}

/**
 * Signs requests with a token; where GitHub refuses it, once more with a new one. It was refused, so nothing happened. This
 * is the innermost hook: a request that gets here has waited in every queue and is sent now.
 */
function createTokenAuth({ tokenOf, beforeWrite }: TokenAuth) {
  const hook = async (request: Send, options: Options): Promise<unknown> => {
    const sendWith = (token: string) => {
      options.headers["authorization"] = `token ${token}`;
      if (options.method !== "GET") beforeWrite();
      return request(options);
    };
    try {
      return await sendWith(await tokenOf(false));
    } catch (error) {
      if (!hasStatus(error, 401)) throw error;
    }
    const fresh = await tokenOf(true);
    try {
      return await sendWith(fresh);
    } catch (error) {
      // The App's key made it a moment ago, so that is right: GitHub's machines do not all know the token yet.
      if (hasStatus(error, 401)) throw new TroubleFound(troubleOf("token-refused", explainText(error)));
      throw error;
    }
  };
  return Object.assign(async () => ({ type: "token" }), { hook });
}

type Send = (options: Options) => Promise<unknown>;

interface Options {
  readonly method: string;
  readonly headers: Record<string, string>;
}
