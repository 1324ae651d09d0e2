import { type GitHubAnswer, pageOf, type RepositoryCall, tell, textOf } from "./github-call.ts";
import { GitHubFault, invalid, notFound } from "./github-fault.ts";
import { type DeploymentState, isSame, nextId } from "./github-state.ts";
import { deploymentView, statusView } from "./views.ts";

const LONGEST_DESCRIPTION = 140;

/** https://docs.github.com/en/rest/deployments/deployments#create-a-deployment */
export function createDeployment(call: RepositoryCall): GitHubAnswer {
  const { state, repository, body, token, now } = call;
  const ref = textOf(body, "ref") ?? "";
  const sha = resolveRef(call, ref);
  // The branch is behind the default branch, so that GitHub would merge it first.
  if (body["auto_merge"] !== false && ref !== sha)
    return { status: 202, body: { message: "Auto-merged main into it on deployment." } };
  if (body["required_contexts"] === undefined) {
    throw new GitHubFault(409, "Conflict: Commit status checks failed for it.");
  }
  const description = textOf(body, "description") ?? null;
  if ((description ?? "").length > LONGEST_DESCRIPTION)
    throw invalid({ resource: "Deployment", field: "description", code: "too_long" });
  const environment = textOf(body, "environment") ?? "production";
  const deployment: DeploymentState = {
    id: nextId(state),
    app: token.installation.app,
    sha,
    ref,
    task: textOf(body, "task") ?? "deploy",
    environment,
    production: (body["production_environment"] as boolean | undefined) ?? environment === "production",
    transient: body["transient_environment"] === true,
    description,
    payload: body["payload"] ?? {},
    createdAt: now,
    statuses: [],
  };
  repository.deployments.push(deployment);
  tell(call, { kind: "deployment", what: "created", subject: environment, id: deployment.id });
  return { status: 201, body: deploymentView(call, deployment) };
}

/** A branch, a tag, or a commit, whole or in part. */
function resolveRef({ repository }: RepositoryCall, ref: string): string {
  const sha = /^[0-9a-f]{7,40}$/.test(ref)
    ? [...repository.commits].find((commit) => commit.startsWith(ref))
    : undefined;
  if (sha === undefined) throw new GitHubFault(422, `No ref found for: ${ref}`);
  return sha;
}

/** https://docs.github.com/en/rest/deployments/deployments#list-deployments */
export function listDeployments(call: RepositoryCall): GitHubAnswer {
  const { repository, parameters } = call;
  const matches = (name: string, value: string) => [undefined, "none", value].includes(parameters[name]);
  const found = repository.deployments
    .filter(
      ({ sha, ref, task, environment }) =>
        matches("sha", sha) && matches("ref", ref) && matches("task", task) && matches("environment", environment),
    )
    .toReversed();
  const { items, headers } = pageOf(call, `/repos/${repository.owner}/${repository.name}/deployments`, found);
  return { status: 200, headers, body: items.map((deployment) => deploymentView(call, deployment)) };
}

/** https://docs.github.com/en/rest/deployments/statuses#create-a-deployment-status */
export function createDeploymentStatus(call: RepositoryCall): GitHubAnswer {
  const { state, repository, body, parameters, now } = call;
  const deployment = repository.deployments.find(({ id }) => String(id) === parameters["deployment_id"]);
  if (deployment === undefined) throw notFound();
  const description = textOf(body, "description") ?? "";
  if (description.length > LONGEST_DESCRIPTION)
    throw invalid({ resource: "DeploymentStatus", field: "description", code: "too_long" });
  const status = {
    id: nextId(state),
    state: textOf(body, "state") ?? "",
    description,
    logUrl: textOf(body, "log_url") ?? "",
    targetUrl: textOf(body, "target_url") ?? textOf(body, "log_url") ?? "",
    createdAt: now,
  };
  deployment.statuses.push(status);
  if (status.state === "success" && body["auto_inactive"] !== false) retireOthers(call, deployment);
  tell(call, { kind: "deployment-status", what: status.state, subject: deployment.environment, id: deployment.id });
  return { status: 201, body: statusView(call, deployment, status) };
}

/** "Adds a new inactive status to all prior non-transient, non-production environment deployments with the same name." */
function retireOthers({ state, repository, now }: RepositoryCall, success: DeploymentState): void {
  for (const other of repository.deployments) {
    const isPrior =
      other !== success && isSame(other.environment, success.environment) && !other.transient && !other.production;
    if (!isPrior || other.statuses.at(-1)?.state !== "success") continue;
    other.statuses.push({
      id: nextId(state),
      state: "inactive",
      description: "",
      logUrl: "",
      targetUrl: "",
      createdAt: now,
    });
  }
}
