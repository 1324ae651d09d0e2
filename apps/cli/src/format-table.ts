import type { Terminal } from "./cli-world.ts";

export interface Cell {
  readonly text: string;
  readonly style?: (text: string) => string;
}

export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

const GAP = 2;
/** A column is not cut below this. */
const NARROWEST = 12;

/**
 * A table that fits the terminal, its last column cut where it must be; without a terminal, one line for each row with tabs
 * between, whole, for programs.
 */
export function formatTable({ head, rows }: Table, terminal: Terminal, bold: (text: string) => string): string {
  if (!terminal.interactive) return rows.map((row) => `${row.map(({ text }) => text).join("\t")}\n`).join("");
  const lines = [head.map((text) => ({ text, style: bold })), ...rows];
  const widths = columnWidths(lines, terminal.columns);
  return lines.map((cells) => formatLine(cells, widths)).join("");
}

function columnWidths(lines: readonly (readonly Cell[])[], columns: number): readonly number[] {
  const count = Math.max(...lines.map((cells) => cells.length));
  const widths = Array.from({ length: count }, (_, column) =>
    Math.max(...lines.map((cells) => widthOf(cells[column]?.text ?? ""))),
  );
  const before = widths.slice(0, -1).reduce((sum, width) => sum + width + GAP, 0);
  return [...widths.slice(0, -1), Math.min(widths.at(-1) ?? 0, Math.max(NARROWEST, columns - before))];
}

function formatLine(cells: readonly Cell[], widths: readonly number[]): string {
  const texts = cells.map(({ text, style = (same) => same }, column) => {
    const cut = cutTo(text, widths[column] ?? 0);
    const isLast = column === cells.length - 1;
    return `${style(cut)}${isLast ? "" : " ".repeat((widths[column] ?? 0) - widthOf(cut) + GAP)}`;
  });
  return `${texts.join("").trimEnd()}\n`;
}

function cutTo(text: string, width: number): string {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, Math.max(0, width - 1)).join("")}…`;
}

function widthOf(text: string): number {
  return [...text].length;
}
