import { type GitHubAnswer, pageOf, type RepositoryCall, tell, textOf } from "./github-call.ts";
import { GitHubFault, invalid, notFound } from "./github-fault.ts";
import { type DeploymentState, type DeploymentStatusState, isSame, nextId } from "./github-state.ts";
import { DEFAULT_BRANCH, resolveReference } from "./references.ts";
import { deploymentView, statusView } from "./views.ts";

const LONGEST_DESCRIPTION = 140;

/** https://docs.github.com/en/rest/deployments/deployments#create-a-deployment */
export function createDeployment(call: RepositoryCall): GitHubAnswer {
  const { state, repository, body, token, now } = call;
  const ref = textOf(body, "ref") ?? "";
  const sha = resolveReference(repository, ref);
  if (sha === undefined) throw new GitHubFault(422, `No ref found for: ${ref}`);
  // What is not the default branch, and no whole commit, may be behind it: GitHub merges first, and deploys nothing.
  if (body["auto_merge"] !== false && ref !== sha && ref !== DEFAULT_BRANCH) {
    return { status: 202, body: { message: `Auto-merged ${DEFAULT_BRANCH} into ${ref} on deployment.` } };
  }
  requireContexts(call, { ref, sha });
  const description = textOf(body, "description") ?? null;
  checkDescription(description ?? "", "Deployment");
  const environment = textOf(body, "environment") ?? "production";
  const deployment: DeploymentState = {
    id: nextId(state),
    app: token.installation.app,
    sha,
    ref,
    task: textOf(body, "task") ?? "deploy",
    originalEnvironment: environment,
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

/** "By default, the API verifies every unique context": one of them is never green in time, so leaving it out fails. */
function requireContexts(call: RepositoryCall, { ref, sha }: { readonly ref: string; readonly sha: string }): void {
  const required = call.body["required_contexts"];
  const green = ["success", "neutral", "skipped"];
  const passed = call.repository.checkRuns
    .filter(({ headSha, conclusion }) => headSha === sha && conclusion !== null && green.includes(conclusion))
    .map(({ name }) => name);
  const missing = Array.isArray(required) ? required.map(String).filter((name) => !passed.includes(name)) : ["any"];
  if (missing.length === 0) return;
  const contexts = missing.map((context) => ({ context, state: "pending" }));
  throw new GitHubFault(409, `Conflict: Commit status checks failed for ${ref}.`, {
    errors: [{ contexts, resource: "Deployment", field: "required_contexts", code: "invalid" }],
  });
}

function checkDescription(description: string, resource: string): void {
  if ([...description].length <= LONGEST_DESCRIPTION) return;
  const message = `description is too long (maximum is ${LONGEST_DESCRIPTION} characters)`;
  throw invalid({ resource, field: "description", code: "custom", message });
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
  const { state, body, now } = call;
  const deployment = findDeployment(call);
  const description = textOf(body, "description") ?? "";
  checkDescription(description, "DeploymentStatus");
  deployment.environment = textOf(body, "environment") ?? deployment.environment;
  const status: DeploymentStatusState = {
    id: nextId(state),
    state: textOf(body, "state") ?? "",
    description,
    environment: deployment.environment,
    environmentUrl: textOf(body, "environment_url") ?? "",
    // "This parameter replaces target_url."
    logUrl: textOf(body, "log_url") ?? textOf(body, "target_url") ?? "",
    createdAt: now,
  };
  deployment.statuses.push(status);
  tell(call, { kind: "deployment-status", what: status.state, subject: deployment.environment, id: deployment.id });
  if (status.state === "success" && body["auto_inactive"] !== false) retireOthers(call, deployment);
  return { status: 201, body: statusView(call, deployment, status) };
}

/** Newest first: https://docs.github.com/en/rest/deployments/statuses#list-deployment-statuses */
export function listDeploymentStatuses(call: RepositoryCall): GitHubAnswer {
  const { owner, name } = call.repository;
  const deployment = findDeployment(call);
  const path = `/repos/${owner}/${name}/deployments/${deployment.id}/statuses`;
  const { items, headers } = pageOf(call, path, deployment.statuses.toReversed());
  return { status: 200, headers, body: items.map((status) => statusView(call, deployment, status)) };
}

function findDeployment({ repository, parameters }: RepositoryCall): DeploymentState {
  const deployment = repository.deployments.find(({ id }) => String(id) === parameters["deployment_id"]);
  if (deployment === undefined) throw notFound();
  return deployment;
}

/** "Adds a new inactive status to all prior non-transient, non-production environment deployments with the same name." */
function retireOthers(call: RepositoryCall, success: DeploymentState): void {
  for (const other of call.repository.deployments) {
    const isPrior = other.id < success.id && isSame(other.environment, success.environment);
    if (!isPrior || other.transient || other.production || other.statuses.at(-1)?.state !== "success") continue;
    const { environment, id } = other;
    const inactive = { state: "inactive", description: "", environment, environmentUrl: "", logUrl: "" };
    other.statuses.push({ id: nextId(call.state), ...inactive, createdAt: call.now });
    tell(call, { kind: "deployment-status", what: "inactive", subject: environment, id });
  }
}
