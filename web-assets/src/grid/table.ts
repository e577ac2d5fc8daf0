// Draws the grid as a table with grid roles and keeps it up to date row by row. It decides nothing:
// what a cell says comes from the model, where the cursor stands from the caller.
import type { EditColumn } from "./columns";
import { derive } from "./derive";
import { el, icon, type Texts } from "./dom";
import type { Column, GridModel } from "./model";
import type { Saver } from "./saver";
import { type Cell, contains, type Selection } from "./selection";
import type { Row } from "./types";

export class GridTable {
  readonly element: HTMLTableElement;
  private readonly body: HTMLTableSectionElement;

  constructor(
    private readonly model: GridModel, private readonly saver: Saver, private readonly texts: Texts,
    private readonly sprite: string, label: string,
  ) {
    this.element = el("table", {
      class: "gm-grid", role: "grid", "aria-label": label, "aria-multiselectable": "true",
      "aria-rowcount": model.extent.rows + 1, "aria-colcount": model.extent.columns + 2,
    });
    this.body = el("tbody", { role: "rowgroup" });
    this.element.append(this.head(), this.body);
    model.sheet.rows.forEach((_, index) => this.body.append(this.emptyRow(index)));
    model.sheet.rows.forEach((_, index) => this.drawRow(index));
  }

  /** The head's words: a source of funds brings its own name. */
  label(column: Column): string {
    return "name" in column && column.name ? column.name : this.texts.get(column.label);
  }

  cell(at: Cell): HTMLTableCellElement | undefined {
    return this.body.rows[at.row]?.cells[at.column + 2];
  }

  /** Which cell an event happened in. */
  locate(target: EventTarget | null): Cell | null {
    const cell = target instanceof Element ? target.closest<HTMLTableCellElement>("td[data-column]") : null;
    const row = cell?.parentElement;
    if (!cell || !(row instanceof HTMLTableRowElement)) return null;
    return { row: row.sectionRowIndex, column: Number(cell.dataset.column) };
  }

  drawRow(index: number): void {
    const row = this.model.row(index);
    const line = this.body.rows[index];
    if (!row || !line) return;
    line.dataset.status = row.status;
    this.drawName(line.cells[0], row);
    this.model.columns.forEach((column, number) => this.drawCell({ row: index, column: number }, row, column));
    this.drawState(line.cells[1], row);
  }

  drawSelection(selection: Selection): void {
    for (const cell of this.body.querySelectorAll<HTMLElement>("td[data-column]")) {
      const place = this.locate(cell);
      if (!place) continue;
      const isCursor = place.row === selection.cursor.row && place.column === selection.cursor.column;
      const selected = contains(selection, place.row, place.column);
      if ((cell.getAttribute("aria-selected") === "true") !== selected) cell.setAttribute("aria-selected", String(selected));
      if ((cell.tabIndex === 0) !== isCursor) cell.tabIndex = isCursor ? 0 : -1;
    }
    this.body.querySelector("tr.gm-grid-current")?.classList.remove("gm-grid-current");
    this.body.rows[selection.cursor.row]?.classList.add("gm-grid-current");
  }

  private head(): HTMLTableSectionElement {
    const unit = (column: Column) => (column.kind === "money" || ["annual_plan", "ytd", "total"].includes(column.key)
      ? this.texts.get("grid.unit_wan") : column.key === "gap" ? this.texts.get("grid.unit_points") : "");
    const cells = this.model.columns.map((column) => {
      const th = el("th", { role: "columnheader", scope: "col", class: numeric(column) ? "num" : "" }, this.label(column));
      if (unit(column)) th.append(" ", el("span", { class: "gm-table-unit" }, unit(column)));
      if (column.kind !== "info") th.classList.add("gm-grid-typed");
      return th;
    });
    const ends = (key: string) => el("th", { role: "columnheader", scope: "col" }, this.texts.get(key));
    return el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, ends("grid.project"), ends("grid.state"), ...cells));
  }

  private emptyRow(index: number): HTMLTableRowElement {
    const cells = this.model.columns.map((column, number) => el("td", {
      role: "gridcell", tabindex: -1, "data-column": number, "data-label": this.label(column), "aria-selected": "false",
      class: [numeric(column) ? "num" : "", `gm-grid-${column.kind}`].join(" ").trim(),
    }));
    return el("tr", { role: "row", "aria-rowindex": index + 2 },
      el("th", { role: "rowheader", scope: "row" }), el("td", { role: "gridcell", class: "gm-grid-state" }), ...cells);
  }

  private drawName(cell: HTMLTableCellElement | undefined, row: Row): void {
    if (!cell || cell.firstChild) return;
    cell.append(
      el("a", { href: `/projects/${encodeURIComponent(row.project_id)}` }, row.name),
      el("span", { class: "gm-grid-sub" }, row.unit_name,
        ...(row.code ? [" · ", el("span", { class: "gm-grid-code" }, row.code)] : [])),
    );
  }

  private drawCell(at: Cell, row: Row, column: Column): void {
    const cell = this.cell(at);
    // An open editor is the person's; it is drawn over only when it closes.
    if (!cell || cell.querySelector(".gm-grid-editor")) return;
    const text = this.model.shown(row, column);
    if (cell.textContent !== text || cell.childElementCount > 0) cell.replaceChildren(el("span", {}, text));
    cell.setAttribute("aria-readonly", String(!this.model.canEdit(at)));
    const finding = row.findings.find((one) => one.field === column.key);
    cell.dataset.finding = finding?.severity ?? "";
    if (column.kind !== "info") cell.setAttribute("aria-invalid", String(finding?.severity === "error"));
    if (column.key === "gap" || column.key === "completion") {
      const derived = derive(row, this.model.sheet.time_progress);
      cell.classList.toggle("gm-change-down", column.key === "gap" && derived.behind);
      if (column.key === "completion") cell.firstElementChild?.setAttribute("title", derived.madeOf);
    }
  }

  private drawState(cell: HTMLTableCellElement | undefined, row: Row): void {
    if (!cell) return;
    const errors = row.findings.filter((one) => one.severity === "error").length;
    const open = row.findings.filter((one) => one.severity === "warning" && !row.explanations[one.code]).length;
    const parts: Node[] = [el("span", { class: `gm-status gm-status-${TONES[row.status]}` }, this.texts.get(`return.status.${row.status}`))];
    const note = (symbol: string, tone: string, text: string) =>
      parts.push(el("span", { class: `gm-grid-note gm-light-${tone}` }, icon(this.sprite, symbol), text));
    if (errors > 0) note("alert-octagon-filled", "red", this.texts.get("grid.errors", { n: errors }));
    if (open > 0) note("alert-triangle-filled", "yellow", this.texts.get("grid.warnings", { n: open }));
    const saving = this.saver.state(row.project_id);
    if (saving === "conflict" || saving === "refused") note("alert-octagon-filled", "red", this.texts.get(`grid.saving.${saving}`));
    else if (saving === "offline") note("alert-triangle-filled", "yellow", this.texts.get("grid.saving.offline"));
    else if (saving !== "clean") parts.push(el("span", { class: "gm-grid-note text-secondary" }, this.texts.get(`grid.saving.${saving}`)));
    cell.replaceChildren(...parts);
  }
}

const TONES: Record<Row["status"], string> = {
  due: "plain", draft: "plain", submitted: "wait", reviewed: "wait", accepted: "good", sent_back: "bad",
};

function numeric(column: Column | EditColumn): boolean {
  return column.kind === "money" || column.kind === "info";
}
