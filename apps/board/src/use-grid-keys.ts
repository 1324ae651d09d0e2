import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { type GridSize, moveInGrid } from "./move-in-grid.ts";

/**
 * One place of the grid can be reached with Tab, and the arrow keys go on from there. Kept in the document and not in the
 * pages' state: moving draws nothing again.
 */
export function useGridKeys({ rows, columns }: GridSize): RefObject<HTMLDivElement | null> {
  const grid = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const { current } = grid;
    if (current === null) return;
    if (current.querySelector('[data-row][tabindex="0"]') === null) {
      current.querySelector("[data-row]")?.setAttribute("tabindex", "0");
    }
    const press = (event: KeyboardEvent) => pressKey(event, current, { rows, columns });
    const focus = ({ target }: FocusEvent) => {
      if (target instanceof HTMLElement && target.dataset["row"] !== undefined) markPlace(current, target);
    };
    current.addEventListener("keydown", press);
    current.addEventListener("focusin", focus);
    return () => {
      current.removeEventListener("keydown", press);
      current.removeEventListener("focusin", focus);
    };
  }, [rows, columns]);
  return grid;
}

function pressKey(event: KeyboardEvent, grid: HTMLElement, size: GridSize): void {
  const { target } = event;
  if (!(target instanceof HTMLElement)) return;
  // The button of a cell's menu has the focus again once the menu, or its dialog, is gone.
  const place = target.closest('[role="gridcell"]')?.querySelector<HTMLElement>("[data-row]") ?? target;
  const { row, column } = place.dataset;
  if (row === undefined || column === undefined) return;
  if (event.key === "m") {
    event.preventDefault();
    target.closest('[role="gridcell"]')?.querySelector<HTMLElement>(".cell-menu")?.click();
    return;
  }
  const to = moveInGrid({ row: Number(row), column: Number(column) }, event, size);
  if (to === null) return;
  event.preventDefault();
  focusPlace(grid, `[data-row="${to.row}"][data-column="${to.column}"]`);
}

function focusPlace(grid: HTMLElement, selector: string): void {
  const place = grid.querySelector<HTMLElement>(selector);
  place?.focus();
  place?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function markPlace(grid: HTMLElement, place: HTMLElement): void {
  for (const other of grid.querySelectorAll('[data-row][tabindex="0"]')) other.setAttribute("tabindex", "-1");
  place.setAttribute("tabindex", "0");
}
