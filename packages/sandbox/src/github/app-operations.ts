import { authenticateApp } from "./app-authentication.ts";
import { type GitHubAnswer, type GitHubCall, type InstallationCall, pageOf, toTime } from "./github-call.ts";
import { GitHubFault, notFound } from "./github-fault.ts";
import {
  type AppState,
  findRepository,
  type GitHubState,
  type Installation,
  isSame,
  type Permissions,
  type RepositoryState,
} from "./github-state.ts";
import { moved } from "./redirect.ts";
import { covers, isCovered } from "./repository-access.ts";
import { appView, installationView, repositoryView } from "./views.ts";

/** https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-an-installation-access-token-for-a-github-app */
const TOKEN_LIFE_MS = 60 * 60_000;

/** https://docs.github.com/en/rest/apps/apps#get-the-authenticated-app */
export async function getApp(call: GitHubCall): Promise<GitHubAnswer> {
  const app = await authenticateApp(call);
  return { status: 200, body: appView(call, app, ownerOf(call.state, app)) };
}

/** https://docs.github.com/en/rest/apps/apps#get-a-repository-installation-for-the-authenticated-app */
export async function getRepositoryInstallation(call: GitHubCall): Promise<GitHubAnswer> {
  const app = await authenticateApp(call);
  const { owner = "", repo = "" } = call.parameters;
  const repository = findRepository(call.state, owner, repo);
  if (repository === undefined)
    throw moved(call, { owner, name: repo, rest: "/installation", method: "GET" }) ?? notFound();
  const installation = installationsOf(call.state, app).find((one) => covers(one, repository));
  if (installation === undefined) throw notFound();
  return { status: 200, body: installationView(call, installation) };
}

/** https://docs.github.com/en/rest/apps/apps#get-an-organization-installation-for-the-authenticated-app */
export async function getOrganizationInstallation(call: GitHubCall): Promise<GitHubAnswer> {
  const app = await authenticateApp(call);
  const installation = installationsOf(call.state, app).find(({ owner }) =>
    isSame(owner, call.parameters["org"] ?? ""),
  );
  if (installation === undefined) throw notFound();
  return { status: 200, body: installationView(call, installation) };
}

/** https://docs.github.com/en/rest/apps/apps#create-an-installation-access-token-for-an-app */
export async function createInstallationToken(call: GitHubCall): Promise<GitHubAnswer> {
  const app = await authenticateApp(call);
  const { state, world, parameters, body, now } = call;
  const installation = state.installations.get(Number(parameters["installation_id"]));
  if (installation === undefined || installation.app !== app) throw notFound();
  if (installation.suspendedAt !== null) throw new GitHubFault(403, "This installation has been suspended");
  const repositories = narrowRepositories(call, installation);
  const permissions = narrowPermissions(installation, body["permissions"]);
  // Stateless tokens are long and hold dots, and their length says nothing.
  const token = `ghs_${app.id}_eyJ${world.hexId(120)}.${world.hexId(300)}.${world.hexId(86)}`;
  const expiresAt = now + TOKEN_LIFE_MS;
  const allowed = repositories === null ? "all" : new Set(repositories.map(({ id }) => id));
  state.tokens.set(token, { installation, repositories: allowed, permissions, expiresAt });
  return {
    status: 201,
    body: {
      token,
      expires_at: toTime(expiresAt),
      permissions: { metadata: "read", ...permissions },
      repository_selection: repositories === null ? "all" : "selected",
      ...(repositories === null ? {} : { repositories: repositories.map((one) => repositoryView(call, one)) }),
    },
  };
}

/** https://docs.github.com/en/rest/apps/installations#list-repositories-accessible-to-the-app-installation */
export function listInstallationRepositories(call: InstallationCall): GitHubAnswer {
  const { state, token } = call;
  const found = state.repositories.filter((repository) => isCovered(token, repository));
  const { items, headers } = pageOf(call, "/installation/repositories", found);
  const repositories = items.map((repository) => repositoryView(call, repository));
  const selection = token.repositories === "all" && token.installation.repositories === "all" ? "all" : "selected";
  return { status: 200, headers, body: { total_count: found.length, repository_selection: selection, repositories } };
}

/** Null: all that the installation has. One that is not accessible refuses the whole token. */
function narrowRepositories(
  { state, body }: GitHubCall,
  installation: Installation,
): readonly RepositoryState[] | null {
  const { repositories: names, repository_ids: ids } = body;
  if (!Array.isArray(names) && !Array.isArray(ids)) return null;
  const byName = (Array.isArray(names) ? names : []).map((name) =>
    findRepository(state, installation.owner, String(name)),
  );
  const byId = (Array.isArray(ids) ? ids : []).map((id) => state.repositories.find((one) => one.id === id));
  return [...byName, ...byId].map((repository) => {
    if (repository !== undefined && covers(installation, repository)) return repository;
    throw new GitHubFault(
      422,
      "There is at least one repository that does not exist or is not accessible to the parent installation.",
    );
  });
}

function narrowPermissions({ permissions: granted }: Installation, wanted: unknown): Permissions {
  if (typeof wanted !== "object" || wanted === null) return granted;
  for (const [name, level] of Object.entries(wanted)) {
    const has = name === "metadata" ? "read" : granted[name];
    if (has === undefined || (has === "read" && level === "write")) {
      throw new GitHubFault(422, "The permissions requested are not granted to this installation.");
    }
  }
  return wanted as Permissions;
}

function installationsOf({ installations }: GitHubState, app: AppState): readonly Installation[] {
  return [...installations.values()].filter((installation) => installation.app === app);
}

function ownerOf(state: GitHubState, app: AppState): string {
  return installationsOf(state, app)[0]?.owner ?? "nobody";
}
