import type { Standing } from "@windlass/area-view";
import type { VNode } from "preact";
import type { ImageFilter } from "./filter-images.ts";
import { Icon } from "./icon.tsx";
import type { Board } from "./merge-board.ts";
import { countStandings, imagesOf, STANDING_WORDS, STANDINGS } from "./standings.ts";

interface BoardFilterProps {
  readonly board: Board;
  readonly filter: ImageFilter;
  readonly onFilter: (filter: ImageFilter) => void;
}

export function BoardFilter({ board, filter, onFilter }: BoardFilterProps): VNode {
  const counts = countStandings(board.areas.flatMap(imagesOf));
  const toggle = (standing: Standing) => {
    const { standings } = filter;
    const others = standings.filter((one) => one !== standing);
    onFilter({ ...filter, standings: others.length === standings.length ? [...standings, standing] : others });
  };
  return (
    <search class="filter">
      <label>
        <span class="unseen">Filter images by name</span>
        <input
          type="search"
          data-filter
          placeholder="Filter images   /"
          aria-keyshortcuts="/"
          value={filter.text}
          onInput={({ currentTarget }) => onFilter({ ...filter, text: currentTarget.value })}
        />
      </label>
      <fieldset class="chips">
        <legend class="unseen">Only images that are somewhere</legend>
        {STANDINGS.filter((standing) => (counts[standing] ?? 0) > 0).map((standing) => (
          <button
            key={standing}
            type="button"
            class={`chip is-${standing}`}
            aria-pressed={filter.standings.includes(standing)}
            onClick={() => toggle(standing)}
          >
            <Icon name={standing} />
            {STANDING_WORDS[standing]} <span class="count">{counts[standing]}</span>
          </button>
        ))}
      </fieldset>
    </search>
  );
}
