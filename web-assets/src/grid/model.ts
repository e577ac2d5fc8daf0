// The grid without a screen: which columns there are, what a cell says, and every way to change
// it. All changes go through `apply`, which remembers them and tells the saver.
import { columnFor, type EditColumn, pasteRectangle, type Problem } from "./columns";
import { type Derived, derive } from "./derive";
import { type CellEdit, History } from "./history";
import { wanShown } from "./money";
import type { Saver } from "./saver";
import { box, type Cell, type Selection } from "./selection";
import { isEditable, type Row, type Sheet } from "./types";

export interface InfoColumn {
  key: "annual_plan" | keyof Derived;
  label: string;
  kind: "info";
}
export type Column = EditColumn | InfoColumn;

/** What could not be taken over, cell by cell. */
export interface Rejected extends Cell {
  text: string;
  problem: Problem | "read_only";
}

export class GridModel {
  readonly columns: Column[];
  private readonly history = new History();

  constructor(readonly sheet: Sheet, private readonly editable: EditColumn[], private readonly saver: Saver) {
    const info = (key: InfoColumn["key"]): InfoColumn => ({ key, label: `grid.${key}`, kind: "info" });
    const [month, ...others] = editable;
    // What follows from the month stands beside it.
    this.columns = [info("annual_plan"), ...(month ? [month] : []), info("ytd"), info("completion"), info("gap"), info("total"), ...others];
    for (const row of sheet.rows) saver.adopt(row);
  }

  get extent(): { rows: number; columns: number } {
    return { rows: this.sheet.rows.length, columns: this.columns.length };
  }

  row(index: number): Row | undefined {
    return this.sheet.rows[index];
  }

  canEdit(at: Cell): boolean {
    const row = this.row(at.row);
    const column = this.columns[at.column];
    return !!row && !!column && column.kind !== "info" && isEditable(row, this.sheet);
  }

  /** What a cell shows. */
  shown(row: Row, column: Column): string {
    if (column.kind !== "info") return column.show(row);
    if (column.key === "annual_plan") return wanShown(row.annual_plan);
    return String(derive(row, this.sheet.time_progress)[column.key]);
  }

  /** What a cell holds for editing and copying. */
  text(at: Cell): string {
    const row = this.row(at.row);
    const column = this.columns[at.column];
    if (!row || !column) return "";
    return column.kind === "info" ? this.shown(row, column).replace(/,/g, "") : column.read(row);
  }

  /** Types texts into cells; what cannot be read changes nothing and is returned. */
  type(cells: (Cell & { text: string })[]): Rejected[] {
    const rejected: Rejected[] = [];
    const edits: CellEdit[] = [];
    for (const cell of cells) {
      const row = this.row(cell.row);
      const column = this.columns[cell.column];
      if (!row || !column || column.kind === "info" || !isEditable(row, this.sheet)) {
        if (cell.text !== this.text(cell)) rejected.push({ ...cell, problem: "read_only" });
        continue;
      }
      const before = column.read(row);
      const change = column.parse(cell.text);
      if ("problem" in change) {
        rejected.push({ ...cell, problem: change.problem });
        continue;
      }
      change.set(row);
      const after = column.read(row);
      if (after === before) continue;
      edits.push({ project: row.project_id, field: column.key, before, after });
      this.saver.edited(row.project_id);
    }
    this.history.push(edits);
    return rejected;
  }

  /** Types the clipboard's rectangle from the selection's corner on; what sticks out is left off. */
  paste(selection: Selection, cells: string[][]): { rejected: Rejected[]; selection: Selection } {
    const { top, left, bottom, right } = box(selection);
    const rectangle = pasteRectangle(cells, { rows: bottom - top + 1, columns: right - left + 1 });
    const { rows, columns } = this.extent;
    const typed = rectangle.flatMap((line, down) =>
      line.map((text, across) => ({ row: top + down, column: left + across, text })))
      .filter((cell) => cell.row < rows && cell.column < columns);
    const rejected = this.type(typed);
    const cursor = {
      row: Math.min(rows - 1, top + Math.max(1, rectangle.length) - 1),
      column: Math.min(columns - 1, left + Math.max(1, rectangle[0]?.length ?? 1) - 1),
    };
    return { rejected, selection: { anchor: cursor, cursor: { row: top, column: left } } };
  }

  copy(selection: Selection): string[][] {
    const { top, left, bottom, right } = box(selection);
    const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
    return range(top, bottom).map((row) => range(left, right).map((column) => this.text({ row, column })));
  }

  /** Empties the selected cells that can be edited; the rest is silently kept. */
  clear(selection: Selection): void {
    const { top, left } = box(selection);
    const cells = this.copy(selection).flatMap((line, down) =>
      line.map((_, across) => ({ row: top + down, column: left + across, text: "" })));
    this.type(cells.filter((cell) => this.canEdit(cell)));
  }

  undo(): Cell | null {
    return this.replay(this.history.undo());
  }

  redo(): Cell | null {
    return this.replay(this.history.redo());
  }

  /** Someone else's figures were taken: what was typed before no longer applies. */
  forget(project: string): void {
    this.history.forget(project);
  }

  /** Answers a warning. */
  explain(row: Row, code: string, text: string): void {
    if ((row.explanations[code] ?? "") === text.trim()) return;
    row.explanations = { ...row.explanations, [code]: text.trim() };
    this.saver.edited(row.project_id);
  }

  private replay(edits: CellEdit[]): Cell | null {
    let last: Cell | null = null;
    for (const edit of edits) {
      const index = this.sheet.rows.findIndex((row) => row.project_id === edit.project);
      const row = this.row(index);
      const column = columnFor(this.editable, edit.field);
      if (!row || !column || !isEditable(row, this.sheet)) continue;
      const change = column.parse(edit.after);
      if ("problem" in change) continue;
      change.set(row);
      this.saver.edited(edit.project);
      last = { row: index, column: this.columns.indexOf(column) };
    }
    return last;
  }
}
