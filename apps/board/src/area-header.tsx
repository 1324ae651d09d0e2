import type { VNode } from "preact";
import type { AreaStatus, ReadableArea } from "./api.ts";
import { useBoardContext } from "./board-context.ts";
import { describeWindow } from "./describe-window.ts";
import { ageAt } from "./format-age.ts";
import { Icon } from "./icon.tsx";
import { shortPerson } from "./shorten.ts";
import { countStandings, STANDING_WORDS, STANDINGS } from "./standings.ts";

interface AreaHeaderProps {
  readonly area: AreaStatus;
  readonly now: number;
  readonly isShown: boolean;
}

export function AreaHeader({ area, now, isShown }: AreaHeaderProps): VNode {
  return (
    <div role="columnheader" class={`lane${isShown ? " is-shown" : ""}`} data-lane={area.area}>
      <div class="lane-name">
        <h2>{area.area}</h2>
        <span class="quiet" title={`account ${area.account}, ${area.region}`}>
          {(area.kind === "area" ? area.alias : null) ?? area.account}
        </span>
        {area.kind === "area" && <PauseButton area={area} />}
      </div>
      {area.kind === "area" ? <ReadableLane area={area} now={now} /> : <UnreadableLane area={area} />}
    </div>
  );
}

function PauseButton({ area: { area, paused } }: { readonly area: ReadableArea }): VNode {
  const { act } = useBoardContext();
  const [command, words] = paused === null ? (["pause", "Pause…"] as const) : (["resume", "Resume…"] as const);
  return (
    <button type="button" class="small" onClick={() => act({ area, image: null, command })}>
      {words}
      <span class="unseen"> {area}</span>
    </button>
  );
}

function ReadableLane({ area, now }: { readonly area: ReadableArea; readonly now: number }): VNode {
  const { window, paused, ledger } = area;
  return (
    <>
      <Counts area={area} />
      {paused !== null && (
        <p class="lane-line lane-paused" title={`Paused by ${paused.by}: ${paused.reason}`}>
          Paused by {shortPerson(paused.by)}: {paused.reason}
        </p>
      )}
      <p class={`lane-line window-${window.kind}`}>{describeWindow(window, { now: new Date(now) })}</p>
      <p class="lane-line quiet">
        {ledger === null ? "No tick has run yet." : `changed ${ageAt(ledger.changedAt, now)} ago`}
        <Controls area={area} />
      </p>
    </>
  );
}

function Counts({ area }: { readonly area: ReadableArea }): VNode {
  const counts = countStandings(area.images);
  return (
    <ul class="counts" aria-label={`Images of ${area.area} by standing`}>
      {STANDINGS.filter((standing) => (counts[standing] ?? 0) > 0).map((standing) => (
        <li key={standing} class={`is-${standing}`} title={STANDING_WORDS[standing]}>
          <Icon name={standing} />
          {counts[standing]}
          <span class="unseen"> {STANDING_WORDS[standing]}</span>
        </li>
      ))}
    </ul>
  );
}

function Controls({ area: { controls } }: { readonly area: ReadableArea }): VNode | null {
  if (controls.kind === "unreadable") return <span class="is-bad"> · controls: {controls.message}</span>;
  if (controls.waiting.length === 0) return null;
  const titles = controls.waiting.map(({ kind, image, by }) => `${kind} ${image ?? "the area"} by ${shortPerson(by)}`);
  return (
    <span class={controls.overdue ? "is-bad" : "is-waiting"} title={titles.join("\n")}>
      {` · ${controls.waiting.length} asked for`}
      {controls.overdue && "; no tick takes it"}
    </span>
  );
}

type Unreadable = Extract<AreaStatus, { kind: "unreadable" }>;

function UnreadableLane({ area: { error } }: { readonly area: Unreadable }): VNode {
  return (
    <div class="lane-error">
      <p title={error.text}>
        <Icon name="failed" /> Can not be read: {error.message}
      </p>
      {error.hint !== null && <p class="hint">{error.hint}</p>}
    </div>
  );
}
