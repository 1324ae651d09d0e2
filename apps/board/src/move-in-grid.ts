/** A place in the grid: rows and columns are counted from 0. */
export interface GridPlace {
  readonly row: number;
  readonly column: number;
}

export interface GridSize {
  readonly rows: number;
  readonly columns: number;
}

interface GridKey {
  readonly key: string;
  readonly ctrlKey: boolean;
}

const PAGE = 10;

/** Where a key leads to, as in a spreadsheet; null where the key is not for moving. */
export function moveInGrid({ row, column }: GridPlace, { key, ctrlKey }: GridKey, size: GridSize): GridPlace | null {
  const [lastRow, lastColumn] = [size.rows - 1, size.columns - 1];
  const moves: Readonly<Record<string, GridPlace>> = {
    ArrowUp: { row: row - 1, column },
    ArrowDown: { row: row + 1, column },
    ArrowLeft: { row, column: column - 1 },
    ArrowRight: { row, column: column + 1 },
    PageUp: { row: row - PAGE, column },
    PageDown: { row: row + PAGE, column },
    Home: { row: ctrlKey ? 0 : row, column: 0 },
    End: { row: ctrlKey ? lastRow : row, column: lastColumn },
  };
  const to = moves[key];
  if (to === undefined) return null;
  return { row: clamp(to.row, lastRow), column: clamp(to.column, lastColumn) };
}

function clamp(value: number, last: number): number {
  return Math.max(0, Math.min(last, value));
}
