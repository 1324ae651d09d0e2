import type { DeliveryMeasures } from "@windlass/area-view";
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { BoardMeasures } from "./api.ts";
import { DayChart } from "./day-chart.tsx";
import { describeMeasures } from "./describe-measures.ts";
import { formatDuration } from "./format-age.ts";
import { RestoreChart } from "./restore-chart.tsx";
import { FailureNote, Loading } from "./small-parts.tsx";
import { useJson } from "./use-json.ts";

const SPANS = [7, 30, 90] as const;

export function PerformancePage(): VNode {
  const [days, setDays] = useState<number>(30);
  const { answer } = useJson<BoardMeasures>(`/api/measures?days=${days}`);
  return (
    <>
      <header class="page-head">
        <h1>Performance</h1>
        <fieldset class="chips">
          <legend class="unseen">Span</legend>
          {SPANS.map((span) => (
            <button key={span} type="button" class="chip" aria-pressed={span === days} onClick={() => setDays(span)}>
              {span} days
            </button>
          ))}
        </fieldset>
      </header>
      {answer === null && <Loading what="the history" />}
      {answer?.kind === "failure" && <FailureNote error={answer.error} />}
      {answer?.kind === "value" &&
        answer.value.areas.map((one) => (
          <section key={one.area} class="keys-of-area" aria-labelledby={`keys-${one.area}`}>
            <h2 id={`keys-${one.area}`}>{one.area}</h2>
            {one.kind === "unreadable" ? (
              <FailureNote error={one.error} />
            ) : (
              <FourKeys area={one.area} measures={one.measures} />
            )}
          </section>
        ))}
    </>
  );
}

interface FourKeysProps {
  readonly area: string;
  readonly measures: DeliveryMeasures;
}

function FourKeys({ area, measures }: FourKeysProps): VNode {
  const { days, restore } = measures;
  const [frequency, leadTime, failures, restored] = describeMeasures(measures);
  return (
    <>
      <div class="four">
        <Key name="Deployment frequency" words={frequency}>
          <DayChart label={`${area}: successes a day`} days={days} tone="live" measure={({ succeeded }) => succeeded} />
        </Key>
        <Key name="Lead time, push to live" words={leadTime}>
          <DayChart
            label={`${area}: median lead time of each day`}
            days={days}
            tone="deploying"
            measure={({ leadMedianSeconds }) => leadMedianSeconds}
          />
        </Key>
        <Key name="Change failure rate" words={failures}>
          <DayChart label={`${area}: failures a day`} days={days} tone="failed" measure={({ failed }) => failed} />
        </Key>
        <Key name="Time to restore" words={restored}>
          <RestoreChart label={`${area}: time to restore`} restore={restore} />
        </Key>
      </div>
      <DayTable area={area} measures={measures} />
    </>
  );
}

interface KeyProps {
  readonly name: string;
  readonly words: readonly [string, string];
  readonly children: VNode;
}

function Key({ name, words: [value, more], children }: KeyProps): VNode {
  return (
    <div class="card key">
      <h3>{name}</h3>
      <p class="value">{value}</p>
      {children}
      <p class="quiet">{more}</p>
    </div>
  );
}

/** The same as the charts for who can not see them, and for who wants the numbers. */
function DayTable({ area, measures: { days } }: FourKeysProps): VNode {
  const busy = days.filter(({ succeeded, failed }) => succeeded + failed > 0).toReversed();
  return (
    <details>
      <summary>{area} day by day</summary>
      <table class="table">
        <caption class="unseen">{area}: days with deployments, newest first (UTC)</caption>
        <thead>
          <tr>
            <th scope="col">Day (UTC)</th>
            <th scope="col">Succeeded</th>
            <th scope="col">Failed</th>
            <th scope="col">Median lead time</th>
          </tr>
        </thead>
        <tbody>
          {busy.map(({ day, succeeded, failed, leadMedianSeconds }) => (
            <tr key={day}>
              <td data-label="Day">{day}</td>
              <td data-label="Succeeded" class="number">
                {succeeded}
              </td>
              <td data-label="Failed" class="number">
                {failed}
              </td>
              <td data-label="Median lead time" class="number">
                {leadMedianSeconds === null ? "" : formatDuration(leadMedianSeconds)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
