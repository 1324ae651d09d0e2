import type { GitHubCall, RepositoryCall } from "./github-call.ts";
import { GitHubFault, notFound } from "./github-fault.ts";
import {
  findRepository,
  type GitHubState,
  type Installation,
  type InstallationToken,
  isSame,
  type RepositoryState,
} from "./github-state.ts";
import { moved } from "./redirect.ts";

export interface Needed {
  readonly permission: string;
  readonly level: "read" | "write";
}

export interface Access {
  readonly needs: Needed;
  readonly method: string;
  /** Of the path, after the repository. */
  readonly rest: string;
  readonly token: InstallationToken;
}

/** The installation that a call's token is of; 401 where it is none, or has expired. */
export function authenticateInstallation({ state, authorization, now }: GitHubCall): InstallationToken {
  const token = findToken(state, authorization);
  const isInstalled = token !== undefined && state.installations.has(token.installation.id);
  if (token === undefined || !isInstalled || token.expiresAt <= now) throw new GitHubFault(401, "Bad credentials");
  if (token.installation.suspendedAt !== null) throw new GitHubFault(403, "This installation has been suspended");
  return token;
}

/** The token that a header carries, whether it is still good or not. */
export function findToken({ tokens }: GitHubState, authorization: string | undefined): InstallationToken | undefined {
  return tokens.get(/^(?:token|bearer) (\S+)$/i.exec(authorization ?? "")?.[1] ?? "");
}

/** What the token does not cover is not there for it; what it may not do is 403, and says which permission it takes. */
export function openRepository(call: GitHubCall, access: Access): RepositoryCall {
  const { owner = "", repo = "" } = call.parameters;
  const { needs, method, rest, token } = access;
  const repository = findRepository(call.state, owner, repo);
  if (repository === undefined) throw moved(call, { owner, name: repo, rest, method }) ?? notFound();
  if (!isCovered(token, repository)) throw notFound();
  if (!isAllowed(token, needs)) {
    const headers = { "x-accepted-github-permissions": `${needs.permission}=${needs.level}` };
    throw new GitHubFault(403, "Resource not accessible by integration", { headers });
  }
  if (repository.archived && method !== "GET") throw new GitHubFault(403, "Repository was archived so is read-only.");
  return { ...call, repository, token };
}

/** Whether a token is good for a repository, whatever it may do there. */
export function isCovered({ repositories, installation }: InstallationToken, repository: RepositoryState): boolean {
  return covers(installation, repository) && (repositories === "all" || repositories.has(repository.id));
}

/** A renamed repository stays what it is. */
export function covers({ owner, repositories }: Installation, repository: RepositoryState): boolean {
  if (!isSame(owner, repository.owner)) return false;
  const names = [repository.name, ...repository.formerNames];
  return repositories === "all" || repositories.some((name) => names.some((one) => isSame(one, name)));
}

function isAllowed({ permissions, installation }: InstallationToken, { permission, level }: Needed): boolean {
  if (permission === "metadata") return true;
  // An owner may take a permission away while a token lives.
  const granted = installation.permissions[permission] === undefined ? undefined : permissions[permission];
  return granted === "write" || granted === level;
}
