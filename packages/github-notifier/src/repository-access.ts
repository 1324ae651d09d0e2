import type { Octokit } from "@octokit/rest";
import {
  type AppAccess,
  type AskContext,
  isGranted,
  NEEDED_PERMISSIONS,
  type RepositoryName,
  TroubleFound,
} from "./app-access.ts";
import { followRedirects } from "./follow-redirects.ts";
import { type ClientOptions, createClient } from "./octokit-client.ts";
import { hasStatus, isLimit } from "./request-failure.ts";
import { troubleOf } from "./trouble.ts";

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
  open(name: string, context: AskContext): Promise<RepositoryClient>;
}

export interface RepositoryAccessOptions extends Pick<ClientOptions, "apiUrl" | "fetch" | "pace" | "queues"> {
  readonly owner: string;
  readonly app: AppAccess;
  readonly now: () => Date;
}

interface Access extends RepositoryName {
  readonly token: string;
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
      const token = await fetchToken(
        app,
        { installation, repositories: [repo], permissions: NEEDED_PERMISSIONS },
        context,
      );
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
    installation = { id, appId };
    const wanted = { installation, permissions: grantedOf(permissions, { owner, repo }) };
    if (found.movedId === null) {
      return {
        owner,
        repo,
        movedTo: null,
        appId,
        ...(await fetchToken(app, { ...wanted, repositories: [repo] }, context)),
      };
    }
    const token = await fetchToken(app, { ...wanted, repository_ids: [found.movedId] }, context);
    const name = await readName(token.token, repo, context);
    return { ...name, movedTo: `${name.owner}/${name.repo}`, appId, ...token };
  }

  async function readName(token: string, repo: string, context: AskContext): Promise<RepositoryName> {
    const { data } = await clientFor(async () => token, context).rest.repos.get({ owner, repo });
    return { owner: data.owner.login, repo: data.name };
  }

  function clientFor(tokenOf: (refresh: boolean) => Promise<string>, context: AskContext): Octokit {
    return createClient({
      ...options,
      ...context,
      fetch: followRedirects({ fetch: options.fetch, onMoved: () => {} }),
      authStrategy: createTokenAuth,
      auth: { tokenOf },
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

async function fetchToken(app: AppAccess, { installation, ...narrowed }: WantedToken, context: AskContext) {
  const { data } = await app.ask(
    (octokit) =>
      octokit.rest.apps.createInstallationAccessToken({
        installation_id: installation.id,
        ...narrowed,
      }),
    context,
  );
  return { token: data.token, expiresAt: Date.parse(data.expires_at) };
}

interface TokenAuth {
  /** `refresh`: the one before was refused. */
  readonly tokenOf: (refresh: boolean) => Promise<string>;
}

/** Signs requests with a token; where GitHub refuses it, once more with a new one. It was refused, so nothing happened. */
function createTokenAuth({ tokenOf }: TokenAuth) {
  const hook = async (request: Send, options: Options): Promise<unknown> => {
    options.headers["authorization"] = `token ${await tokenOf(false)}`;
    try {
      return await request(options);
    } catch (error) {
      if (!hasStatus(error, 401)) throw error;
      options.headers["authorization"] = `token ${await tokenOf(true)}`;
      return request(options);
    }
  };
  return Object.assign(async () => ({ type: "token" }), { hook });
}

type Send = (options: Options) => Promise<unknown>;

interface Options {
  readonly headers: Record<string, string>;
}
