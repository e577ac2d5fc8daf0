// Where the cursor is and what is selected: a rectangle from the anchor to the cursor. Pure; the
// view only draws it.

export interface Cell {
  row: number;
  column: number;
}

export interface Selection {
  anchor: Cell;
  cursor: Cell;
}

export interface Extent {
  rows: number;
  columns: number;
}

export interface Box {
  top: number;
  left: number;
  bottom: number;
  right: number;
}

/** One cell, nothing more. */
export function at(row: number, column: number): Selection {
  return { anchor: { row, column }, cursor: { row, column } };
}

/** The rectangle, both ends included. */
export function box({ anchor, cursor }: Selection): Box {
  return {
    top: Math.min(anchor.row, cursor.row),
    left: Math.min(anchor.column, cursor.column),
    bottom: Math.max(anchor.row, cursor.row),
    right: Math.max(anchor.column, cursor.column),
  };
}

export function contains(selection: Selection, row: number, column: number): boolean {
  const { top, left, bottom, right } = box(selection);
  return row >= top && row <= bottom && column >= left && column <= right;
}

/** Moves the cursor and keeps it inside; `extend` leaves the anchor where it was. */
export function move(from: Selection, rows: number, columns: number, extent: Extent, extend: boolean): Selection {
  const cursor = {
    row: clamp(from.cursor.row + rows, extent.rows),
    column: clamp(from.cursor.column + columns, extent.columns),
  };
  return { anchor: extend ? from.anchor : cursor, cursor };
}

/** One cell on in reading order, over line ends; null at the very end, so that Tab can leave. */
export function step(from: Selection, forward: boolean, extent: Extent): Selection | null {
  const index = from.cursor.row * extent.columns + from.cursor.column + (forward ? 1 : -1);
  if (index < 0 || index >= extent.rows * extent.columns) return null;
  return at(Math.floor(index / extent.columns), index % extent.columns);
}

function clamp(value: number, count: number): number {
  return Math.max(0, Math.min(count - 1, value));
}
