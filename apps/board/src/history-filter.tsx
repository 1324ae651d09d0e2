import type { VNode } from "preact";
import type { HistoryQuery } from "./history-query.ts";
import { OUTCOMES } from "./outcome-mark.tsx";

interface HistoryFilterProps {
  readonly query: HistoryQuery;
  readonly order: readonly string[];
  readonly onQuery: (query: HistoryQuery) => void;
}

export function HistoryFilter({ query, order, onQuery }: HistoryFilterProps): VNode {
  return (
    <search class="card history-filter">
      <Choice legend="Area" all={order} chosen={query.areas} onChoice={(areas) => onQuery({ ...query, areas })} />
      <Choice
        legend="Outcome"
        all={OUTCOMES}
        chosen={query.outcomes}
        onChoice={(outcomes) => onQuery({ ...query, outcomes })}
      />
      <div class="fields">
        <Field label="Image" value={query.image} onValue={(image) => onQuery({ ...query, image })} isFilter />
        <Field label="Commit or digest" value={query.version} onValue={(version) => onQuery({ ...query, version })} />
        <Field label="Since" type="date" value={query.since} onValue={(since) => onQuery({ ...query, since })} />
        <Field label="Until" type="date" value={query.until} onValue={(until) => onQuery({ ...query, until })} />
      </div>
    </search>
  );
}

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly type?: "text" | "date";
  /** `/` leads to it. */
  readonly isFilter?: boolean;
}

/** A whole word is asked for at once, and not each of its letters. */
function Field({ label, value, onValue, type = "text", isFilter = false }: FieldProps): VNode {
  const change = ({ currentTarget }: { readonly currentTarget: HTMLInputElement }) =>
    onValue(currentTarget.value.trim());
  const id = `history-${label.toLowerCase().replaceAll(" ", "-")}`;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {type === "date" ? (
        <input id={id} type="date" value={value} onChange={change} />
      ) : (
        <input id={id} type="text" value={value} data-filter={isFilter ? "" : undefined} onChange={change} />
      )}
    </div>
  );
}

interface ChoiceProps {
  readonly legend: string;
  readonly all: readonly string[];
  readonly chosen: readonly string[];
  readonly onChoice: (chosen: readonly string[]) => void;
}

function Choice({ legend, all, chosen, onChoice }: ChoiceProps): VNode {
  return (
    <fieldset class="choice">
      <legend>{legend}</legend>
      {all.map((name) => {
        const isChosen = chosen.includes(name);
        const others = chosen.filter((one) => one !== name);
        return (
          <label key={name} class="check">
            <input
              type="checkbox"
              checked={isChosen}
              onChange={() => onChoice(isChosen ? others : [...chosen, name])}
            />
            {name}
          </label>
        );
      })}
    </fieldset>
  );
}
