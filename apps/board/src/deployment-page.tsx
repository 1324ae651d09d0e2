import type { ComponentChildren, VNode } from "preact";
import { useEffect } from "preact/hooks";
import type { DeploymentView } from "./api.ts";
import { DeploymentParts } from "./deployment-parts.tsx";
import type { FollowedRun } from "./follow-log.ts";
import { formatDuration } from "./format-age.ts";
import { LogPanel } from "./log-panel.tsx";
import { OutcomeMark } from "./outcome-mark.tsx";
import { imagePath } from "./route.ts";
import { ExternalLink, Facts, FailureNote, Loading, ProgressBar, Time, Version } from "./small-parts.tsx";
import { useJson } from "./use-json.ts";
import { useRun } from "./use-run.ts";

interface DeploymentPageProps {
  readonly area: string;
  readonly deployment: string;
}

/** Progress moves between the events of the stream, which tells of phases alone. */
const REFRESH_MS = 3_000;

export function DeploymentPage({ area, deployment }: DeploymentPageProps): VNode {
  const run = useRun(area, deployment);
  const path = `/api/areas/${encodeURIComponent(area)}/deployments/${encodeURIComponent(deployment)}`;
  const { answer, reload } = useJson<DeploymentView>(path, `${run.text} ${run.end?.outcome}`);
  const isUnderWay = answer?.kind === "value" && answer.value.endedAt === null;
  useEffect(() => {
    if (!isUnderWay) return;
    const timer = setInterval(reload, REFRESH_MS);
    return () => clearInterval(timer);
  }, [isUnderWay, reload]);
  return (
    <>
      <header class="page-head">
        <p class="quiet">
          <a href="/">Board</a> / {area} {answer?.kind === "value" && <ImageLink view={answer.value} />}
        </p>
        <h1 class="id">{deployment}</h1>
      </header>
      {answer === null && <Loading what="the deployment" />}
      {answer?.kind === "failure" && <FailureNote error={answer.error} />}
      {answer?.kind === "value" && <Details view={answer.value} run={run} />}
    </>
  );
}

function ImageLink({ view: { area, image } }: { readonly view: DeploymentView }): VNode {
  return (
    <>
      / <a href={imagePath(area, image)}>{image}</a>
    </>
  );
}

interface DetailsProps {
  readonly view: DeploymentView;
  readonly run: FollowedRun;
}

function Details({ view, run }: DetailsProps): VNode {
  return (
    <>
      <section class="card summary" aria-label="Summary">
        <Summary view={view} run={run} />
        <Plan view={view} />
      </section>
      {view.failure !== null && (
        <div class="note is-bad">
          <p>
            <strong>{view.failure.code}</strong> {view.failure.message}
          </p>
          {view.failure.hint !== null && <p>{view.failure.hint}</p>}
        </div>
      )}
      <div class="columns log-columns">
        <DeploymentParts view={view} />
        <LogPanel run={run} steps={view.steps} isUnderWay={view.endedAt === null} />
      </div>
    </>
  );
}

function Summary({ view, run }: DetailsProps): VNode {
  const { state, noop, phase, progress, endedAt, image, untaken } = view;
  const isRunning = endedAt === null && state !== "waiting";
  const label = `${phase ?? state}${progress === null ? "" : ` ${progress}`}`;
  return (
    <div>
      <p class="stands">
        <OutcomeMark state={state} noop={noop} />
        {isRunning && <span>{untaken === null ? label : `${untaken}; the next tick takes it`}</span>}
        {state === "waiting" && <span>{run.text}</span>}
      </p>
      {isRunning && <ProgressBar progress={progress} label={`${image}: ${label}`} />}
      <Facts facts={summaryFacts(view)} />
      <Links view={view} />
    </div>
  );
}

function summaryFacts(view: DeploymentView): readonly (readonly [string, ComponentChildren])[] {
  const { attempt, epoch, decidedAt, seconds, instance, kind, exitCode, startedBy } = view;
  const facts: readonly (readonly [string, ComponentChildren] | null)[] = [
    ["Version", <Version version={view} />],
    ["Decided", <Time at={decidedAt} />],
    seconds === null ? null : ["Took", formatDuration(seconds)],
    ["Kind", kind],
    ["Attempt", `${attempt}, epoch ${epoch}`],
    instance === null ? null : ["Instance", <code>{instance}</code>],
    exitCode === null ? null : ["Exit code", exitCode],
    startedBy === null ? null : ["Allowed now", `by ${startedBy.by}: ${startedBy.reason}`],
  ];
  return facts.filter((fact) => fact !== null);
}

function Links({ view: { links } }: { readonly view: DeploymentView }): VNode {
  return (
    <p class="links">
      {links.check !== null && <ExternalLink href={links.check}>Check run</ExternalLink>}
      {links.issue !== null && <ExternalLink href={links.issue}>Issue</ExternalLink>}
      {links.log !== null && <ExternalLink href={links.log}>Log in the AWS console</ExternalLink>}
    </p>
  );
}

function Plan({ view: { plan } }: { readonly view: DeploymentView }): VNode | null {
  if (plan === null) return null;
  return (
    <dl class="plan" aria-label="Plan">
      <div class="plan-add">
        <dt>to add</dt>
        <dd>+{plan.add}</dd>
      </div>
      <div class="plan-change">
        <dt>to change</dt>
        <dd>~{plan.change}</dd>
      </div>
      <div class="plan-destroy">
        <dt>to destroy</dt>
        <dd>−{plan.destroy}</dd>
      </div>
    </dl>
  );
}
