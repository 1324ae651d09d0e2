import type { ImageView } from "@windlass/area-view";
import type { VNode } from "preact";
import { BoardCell } from "./board-cell.tsx";
import type { MenuPlace } from "./cell-menu.tsx";
import type { ImageRow } from "./filter-images.ts";
import { ageAt } from "./format-age.ts";
import { imagePath } from "./route.ts";

interface BoardRowProps {
  readonly row: ImageRow;
  readonly index: number;
  readonly areas: readonly string[];
  readonly ahead: ReadonlyMap<string, number>;
  readonly shownArea: string;
  readonly now: number;
  readonly onMenu: (place: MenuPlace) => void;
}

export function BoardRow({ row, index, areas, ahead, shownArea, now, onMenu }: BoardRowProps): VNode {
  const { image, views } = row;
  const known = views.find((view) => view !== null) ?? null;
  const last = areas.at(-1) ?? "";
  return (
    <div role="row" class="row" aria-rowindex={index + 2}>
      <div role="rowheader" class="name">
        <a href={imagePath(last, image)} tabIndex={-1} data-row={index} data-column={0} title={image}>
          {image}
        </a>
        <RowNote view={known} />
      </div>
      {areas.map((area, column) => (
        <BoardCell
          key={area}
          area={area}
          view={views[column] ?? null}
          place={`${index} ${column + 1}`}
          age={ageOf(views[column] ?? null, now)}
          ahead={ahead.get(`${area} ${image}`) ?? 0}
          isShown={area === shownArea}
          onMenu={onMenu}
        />
      ))}
    </div>
  );
}

function RowNote({ view }: { readonly view: ImageView | null }): VNode | null {
  if (view === null) return null;
  const after = view.after.length === 0 ? "" : ` · after ${view.after.join(", ")}`;
  return <span class="quiet">{`${view.kind === "terraform" ? "terraform" : "refresh"}${after}`}</span>;
}

/** Of what is live; of what runs, since it was launched; of what waits, since it waits. */
function ageOf(view: ImageView | null, now: number): string {
  const active = view?.deployment ?? null;
  return ageAt(active?.launchedAt ?? active?.waitingSince ?? view?.live?.since ?? null, now);
}
