import type { RefreshedGroup, ReportView, TimelineEvent } from "@windlass/area-view";
import type { VNode } from "preact";
import type { DeploymentView } from "./api.ts";
import { formatDuration } from "./format-age.ts";
import { ExternalLink, ProgressBar, Time } from "./small-parts.tsx";

/** What happened, step by step, and where it is shown. */
export function DeploymentParts({ view }: { readonly view: DeploymentView }): VNode {
  const { timeline, steps, groups, reports, notes, brokenLock } = view;
  return (
    <div>
      <section class="card" aria-labelledby="timeline">
        <h2 id="timeline">Timeline</h2>
        <Timeline events={timeline} />
      </section>
      {groups.length > 0 && <Groups groups={groups} />}
      {steps.length > 0 && <Steps steps={steps} />}
      {reports.length > 0 && <Reports reports={reports} />}
      {(notes.length > 0 || brokenLock !== null) && (
        <section class="card" aria-labelledby="notes">
          <h2 id="notes">Notes</h2>
          <ul>
            {brokenLock !== null && (
              <li>
                The state lock of {brokenLock.holder}, which is confirmed dead, was broken (<code>{brokenLock.id}</code>
                ).
              </li>
            )}
            {notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

function Timeline({ events }: { readonly events: readonly TimelineEvent[] }): VNode {
  return (
    <ol class="timeline">
      {events.map(({ at, event, text }) => (
        <li key={event} class={`event-${event}`}>
          <Time at={at} />
          <span>{text}</span>
        </li>
      ))}
    </ol>
  );
}

function Groups({ groups }: { readonly groups: readonly RefreshedGroup[] }): VNode {
  return (
    <section class="card" aria-labelledby="groups">
      <h2 id="groups">Groups</h2>
      <ul class="plain-list">
        {groups.map(({ group, stage, status, percentage, reason }) => (
          <li key={group}>
            <code>{group}</code> {stage} {status}
            <ProgressBar progress={percentage === null ? null : `${percentage}%`} label={`${group}: ${stage}`} />
            {reason !== null && <span class="quiet">{reason}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Steps({ steps }: Pick<DeploymentView, "steps">): VNode {
  return (
    <section class="card" aria-labelledby="steps">
      <h2 id="steps">Steps</h2>
      <table class="table">
        <thead>
          <tr>
            <th scope="col">Step</th>
            <th scope="col">Exit code</th>
            <th scope="col">Took</th>
          </tr>
        </thead>
        <tbody>
          {steps.map(({ step, exitCode, seconds }) => (
            <tr key={step}>
              <td data-label="Step">{step}</td>
              <td data-label="Exit code" class="number">
                {exitCode}
              </td>
              <td data-label="Took" class="number">
                {formatDuration(seconds)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const PLACES: Readonly<Record<ReportView["place"], string>> = {
  check: "Check run",
  deployment: "GitHub deployment",
  issue: "Issue",
  topic: "Message",
};

function Reports({ reports }: { readonly reports: readonly ReportView[] }): VNode {
  return (
    <section class="card" aria-labelledby="reports">
      <h2 id="reports">Reports</h2>
      <ul class="plain-list">
        {reports.map(({ place, shown, url, trouble }) => (
          <li key={place}>
            {url === null ? PLACES[place] : <ExternalLink href={url}>{PLACES[place]}</ExternalLink>}{" "}
            <span class="quiet">{shown === null ? "not shown yet" : `shows it as ${shown}`}</span>
            {trouble !== null && <p class="is-bad">{trouble}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}
