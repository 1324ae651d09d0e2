import type { VNode } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { AreaHeader } from "./area-header.tsx";
import { BoardFilter } from "./board-filter.tsx";
import { BoardRow } from "./board-row.tsx";
import { CellMenu, type MenuPlace } from "./cell-menu.tsx";
import { arrangeRows, filterRows, type ImageFilter } from "./filter-images.ts";
import type { Board } from "./merge-board.ts";
import { useGridKeys } from "./use-grid-keys.ts";
import { useNow } from "./use-now.ts";

export function BoardPage({ board }: { readonly board: Board }): VNode {
  const [filter, setFilter] = useState<ImageFilter>({ text: "", standings: [] });
  const [shownArea, showArea] = useState(board.order.at(-1) ?? "");
  const [menu, setMenu] = useState<MenuPlace | null>(null);
  const now = useNow(10_000);
  const rows = useMemo(() => arrangeRows(board.areas), [board.areas]);
  const shown = useMemo(() => filterRows(rows, filter), [rows, filter]);
  const ahead = useMemo(() => aheadByArea(board), [board.promotion, board.areas]);
  const grid = useGridKeys({ rows: shown.length, columns: board.areas.length + 1 });
  return (
    <>
      <h1 class="unseen">Board of {board.workload}</h1>
      <BoardFilter board={board} filter={filter} onFilter={setFilter} />
      <AreaTabs board={board} shownArea={shownArea} onShow={showArea} />
      <div class="scroller">
        {/* Rows of a table can not be left out of layout while they are not seen: this is a grid. */}
        <div
          ref={grid}
          class="grid"
          role="grid"
          aria-label="Images by area"
          aria-rowcount={shown.length + 1}
          aria-colcount={board.areas.length + 1}
          style={{ "--areas": String(board.areas.length) }}
        >
          <div role="row" class="row head" aria-rowindex={1}>
            <div role="columnheader" class="corner">
              {shown.length === rows.length ? `${rows.length} images` : `${shown.length} of ${rows.length} images`}
            </div>
            {board.areas.map((area) => (
              <AreaHeader key={area.area} area={area} now={now} isShown={area.area === shownArea} />
            ))}
          </div>
          {shown.map((row, index) => (
            <BoardRow
              key={row.image}
              row={row}
              index={index}
              areas={board.order}
              ahead={ahead}
              shownArea={shownArea}
              now={now}
              onMenu={setMenu}
            />
          ))}
        </div>
      </div>
      {shown.length === 0 && <p class="quiet loading">No image is like that.</p>}
      {menu !== null && <CellMenu place={menu} onClose={() => setMenu(null)} />}
    </>
  );
}

/** By area and image: how many versions are live in the area before it and have not been here. */
function aheadByArea({ promotion }: Board): ReadonlyMap<string, number> {
  return new Map(
    promotion.flatMap(({ to, images }) =>
      images
        .filter(({ kind }) => kind === "ahead")
        .map(({ image, versions }) => [`${to} ${image}`, Math.max(1, versions.length)] as const),
    ),
  );
}

interface AreaTabsProps {
  readonly board: Board;
  readonly shownArea: string;
  readonly onShow: (area: string) => void;
}

/** On a phone one area is shown at a time. */
function AreaTabs({ board, shownArea, onShow }: AreaTabsProps): VNode {
  const tabs = useRef<HTMLFieldSetElement>(null);
  useEffect(() => {
    tabs.current?.querySelector('[aria-pressed="true"]')?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [shownArea]);
  return (
    <fieldset ref={tabs} class="area-tabs">
      <legend class="unseen">Area that is shown</legend>
      {board.order.map((area) => (
        <button key={area} type="button" aria-pressed={area === shownArea} onClick={() => onShow(area)}>
          {area}
        </button>
      ))}
    </fieldset>
  );
}
