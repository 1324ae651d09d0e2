import type { GitHubCall, RepositoryCall } from "./github-call.ts";
import { GitHubFault, notFound } from "./github-fault.ts";
import { findRepository, type InstallationToken, type RepositoryState } from "./github-state.ts";
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
  const text = /^(?:token|bearer) (\S+)$/i.exec(authorization ?? "")?.[1] ?? "";
  const token = state.tokens.get(text);
  const installed = token !== undefined && state.installations.has(token.installation.id);
  if (token === undefined || !installed || token.expiresAt <= now) throw new GitHubFault(401, "Bad credentials");
  if (token.installation.suspendedAt !== null) throw new GitHubFault(403, "This installation has been suspended");
  return token;
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

function isCovered({ repositories, installation }: InstallationToken, { id, owner }: RepositoryState): boolean {
  return repositories === "all" ? installation.owner.toLowerCase() === owner.toLowerCase() : repositories.has(id);
}

function isAllowed({ permissions, installation }: InstallationToken, { permission, level }: Needed): boolean {
  if (permission === "metadata") return true;
  // An owner may take a permission away while a token lives.
  const granted = installation.permissions[permission] === undefined ? undefined : permissions[permission];
  return granted === "write" || granted === level;
}
