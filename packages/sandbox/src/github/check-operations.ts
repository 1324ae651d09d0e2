import { type GitHubAnswer, pageOf, type RepositoryCall, tell, textOf, toTime } from "./github-call.ts";
import { GitHubFault, invalid, notFound } from "./github-fault.ts";
import { type CheckRunState, nextId } from "./github-state.ts";
import { resolveReference } from "./references.ts";
import { checkRunView } from "./views.ts";

/** https://docs.github.com/en/rest/checks/runs */
export function createCheckRun(call: RepositoryCall): GitHubAnswer {
  const { state, repository, body, token } = call;
  const headSha = textOf(body, "head_sha") ?? "";
  if (!repository.commits.has(headSha)) {
    throw new GitHubFault(422, `No commit found for SHA: ${headSha}`);
  }
  const run: CheckRunState = {
    id: nextId(state),
    app: token.installation.app,
    headSha,
    name: textOf(body, "name") ?? "",
    externalId: textOf(body, "external_id") ?? "",
    status: "queued",
    conclusion: null,
    detailsUrl: null,
    title: null,
    summary: null,
    text: null,
    startedAt: null,
    completedAt: null,
  };
  change(call, run);
  repository.checkRuns.push(run);
  tell(call, { kind: "check", what: run.conclusion ?? run.status, subject: run.name, id: run.id });
  return { status: 201, body: checkRunView(call, run) };
}

/** Only the App that made it may change it. */
export function updateCheckRun(call: RepositoryCall): GitHubAnswer {
  const run = call.repository.checkRuns.find(({ id }) => String(id) === call.parameters["check_run_id"]);
  if (run === undefined) throw notFound();
  const { app } = call.token.installation;
  if (run.app.id !== app.id) {
    const rule = "check run can only be modified by the GitHub App that created it.";
    throw new GitHubFault(403, `Invalid app_id \`${app.id}\` - ${rule}`);
  }
  change(call, run);
  tell(call, { kind: "check", what: run.conclusion ?? run.status, subject: run.name, id: run.id });
  return { status: 200, body: checkRunView(call, run) };
}

function change(call: RepositoryCall, run: CheckRunState): void {
  const { body, now } = call;
  const output = readOutput(body["output"], run);
  const conclusion = textOf(body, "conclusion");
  const status = textOf(body, "status") ?? (conclusion === undefined ? run.status : "completed");
  if (status === "completed" && conclusion === undefined && run.conclusion === null) {
    throw invalid({ resource: "CheckRun", field: "conclusion", code: "missing_field" });
  }
  run.name = textOf(body, "name") ?? run.name;
  run.externalId = textOf(body, "external_id") ?? run.externalId;
  run.detailsUrl = textOf(body, "details_url") ?? run.detailsUrl;
  run.startedAt = textOf(body, "started_at") ?? run.startedAt ?? (status === "queued" ? null : toTime(now));
  // "Providing conclusion will automatically set the status parameter to completed."
  run.status = conclusion === undefined ? status : "completed";
  run.conclusion = conclusion ?? (run.status === "completed" ? run.conclusion : null);
  run.completedAt = run.status === "completed" ? (textOf(body, "completed_at") ?? toTime(now)) : null;
  if (output === null) return;
  run.title = output.title;
  run.summary = output.summary;
  run.text = output.text;
}

interface Output {
  readonly title: string;
  readonly summary: string;
  readonly text: string | null;
}

/** A later title may be left out: https://docs.github.com/en/rest/checks/runs#update-a-check-run */
function readOutput(value: unknown, before: CheckRunState): Output | null {
  if (typeof value !== "object" || value === null) return null;
  const { title = before.title, summary, text } = value as Readonly<Record<string, unknown>>;
  if (typeof title !== "string" || typeof summary !== "string") {
    throw invalid({ resource: "CheckRun", field: "output", code: "missing_field" });
  }
  return { title, summary, text: typeof text === "string" ? text : null };
}

/** By default the newest run of every name. */
export function listCheckRuns(call: RepositoryCall): GitHubAnswer {
  const { repository, parameters } = call;
  const sha = resolveReference(repository, parameters["ref"] ?? "");
  if (sha === undefined) throw new GitHubFault(422, `No commit found for SHA: ${parameters["ref"]}`);
  const all = repository.checkRuns
    .filter((run) => run.headSha === sha)
    .filter((run) => parameters["check_name"] === undefined || run.name === parameters["check_name"])
    .filter((run) => parameters["status"] === undefined || run.status === parameters["status"])
    .filter((run) => parameters["app_id"] === undefined || String(run.app.id) === parameters["app_id"])
    .toReversed();
  const latest = all.filter(
    (run, index) => all.findIndex(({ name, app }) => name === run.name && app === run.app) === index,
  );
  const { items, headers } = pageOf(
    call,
    `/repos/${repository.owner}/${repository.name}/commits/${sha}/check-runs`,
    parameters["filter"] === "all" ? all : latest,
  );
  const total = parameters["filter"] === "all" ? all.length : latest.length;
  return {
    status: 200,
    headers,
    body: { total_count: total, check_runs: items.map((run) => checkRunView(call, run)) },
  };
}
