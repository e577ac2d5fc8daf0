// The grid on the screen: keys, clipboard, pointer. Arrow keys walk over all cells, Tab only over
// those that can be typed in; focus is always on the cursor's cell or in its editor.
import { ask } from "../confirm";
import type { EditColumn } from "./columns";
import { el, icon, type Texts } from "./dom";
import { type Ended, openEditor } from "./editor";
import type { GridModel, Rejected } from "./model";
import { RowPanel } from "./panel";
import type { Saver } from "./saver";
import { at, box, type Cell, move, type Selection, step } from "./selection";
import { GridTable } from "./table";
import { formatTsv, parseTsv } from "./tsv";
import type { Row } from "./types";

const PAGE = 12;

export class GridView {
  private selection: Selection;
  private readonly table: GridTable;
  private readonly panel: RowPanel;
  private readonly status = el("p", { class: "gm-grid-status", role: "status" });

  constructor(
    root: HTMLElement, private readonly model: GridModel, private readonly saver: Saver,
    private readonly texts: Texts, private readonly sprite: string,
  ) {
    this.table = new GridTable(model, saver, texts, sprite, texts.get("grid.label", { period: model.sheet.period }));
    this.panel = new RowPanel(model, saver, texts, sprite, {
      explain: (row, code, text) => this.model.explain(row, code, text),
      resolve: (row, choice) => {
        if (choice === "theirs") this.model.forget(row.project_id);
        this.saver.resolve(row.project_id, choice);
        this.draw(this.selection);
      },
      submit: (row) => void this.submit([row]),
    });
    const month = model.columns.findIndex((column) => column.key === "month_investment");
    this.selection = at(0, Math.max(0, month));
    root.replaceChildren(this.toolbar(), el("div", { class: "gm-grid-box" }, this.table.element), this.panel.element);
    this.listen();
    this.table.drawSelection(this.selection);
    this.panel.draw(model.row(0));
    this.tell();
  }

  /** To be called whenever a row changed: by typing, by the server, by another choice. */
  rowChanged(project: string): void {
    const index = this.model.sheet.rows.findIndex((row) => row.project_id === project);
    this.table.drawRow(index);
    if (index === this.selection.cursor.row) this.panel.draw(this.model.row(index));
    this.tell();
  }

  private listen(): void {
    const table = this.table.element;
    table.addEventListener("keydown", (event) => this.key(event));
    // Assistive software moves the focus by itself; the cursor follows.
    table.addEventListener("focusin", (event) => {
      const place = this.table.locate(event.target);
      const { row, column } = this.selection.cursor;
      if (place && !this.editing() && (place.row !== row || place.column !== column)) this.draw(at(place.row, place.column));
    });
    table.addEventListener("copy", (event) => this.copy(event));
    table.addEventListener("cut", (event) => {
      this.copy(event);
      this.model.clear(this.selection);
    });
    table.addEventListener("paste", (event) => this.paste(event));
    table.addEventListener("pointerdown", (event) => {
      const place = this.table.locate(event.target);
      if (!place || event.button !== 0) return;
      event.preventDefault();
      this.select(event.shiftKey ? { anchor: this.selection.anchor, cursor: place } : { anchor: place, cursor: place });
      // A finger has no keyboard to start typing with: one tap opens the cell.
      if (event.pointerType !== "mouse") this.edit();
    });
    table.addEventListener("pointerover", (event) => {
      const place = this.table.locate(event.target);
      if (place && event.buttons === 1 && event.pointerType === "mouse" && !this.editing()) {
        this.select({ anchor: this.selection.anchor, cursor: place });
      }
    });
    table.addEventListener("dblclick", (event) => {
      if (this.table.locate(event.target)) this.edit();
    });
  }

  private key(event: KeyboardEvent): void {
    if (!this.table.locate(event.target)) return;
    const { shiftKey: shift } = event;
    const control = event.ctrlKey || event.metaKey;
    const { rows, columns } = this.model.extent;
    const go = (down: number, across: number, extend = shift) => this.select(move(this.selection, down, across, this.model.extent, extend));
    const moves: Record<string, () => void> = {
      ArrowUp: () => go(control ? -rows : -1, 0),
      ArrowDown: () => go(control ? rows : 1, 0),
      ArrowLeft: () => go(0, control ? -columns : -1),
      ArrowRight: () => go(0, control ? columns : 1),
      PageUp: () => go(-PAGE, 0),
      PageDown: () => go(PAGE, 0),
      Home: () => go(control ? -rows : 0, -columns),
      End: () => go(control ? rows : 0, columns),
      Enter: () => (this.model.canEdit(this.selection.cursor) && !shift ? this.edit() : go(shift ? -1 : 1, 0, false)),
      F2: () => this.edit(),
      Delete: () => this.model.clear(this.selection),
      Backspace: () => this.model.clear(this.selection),
      Escape: () => this.select(at(this.selection.cursor.row, this.selection.cursor.column)),
    };
    const commands: Record<string, () => void> = {
      z: () => this.jump(shift ? this.model.redo() : this.model.undo()),
      y: () => this.jump(this.model.redo()),
      a: () => this.select({ anchor: { row: 0, column: 0 }, cursor: { row: rows - 1, column: columns - 1 } }),
    };
    if (event.key === "Tab") {
      if (!this.tab(!shift)) return;
    } else if (control && commands[event.key.toLowerCase()]) {
      commands[event.key.toLowerCase()]?.();
    } else if (moves[event.key]) {
      moves[event.key]?.();
    } else {
      // Typing replaces. The key itself goes into the editor that now has the focus, and so does
      // the first stroke of an input method.
      const types = event.key.length === 1 || event.key === "Process" || event.isComposing;
      if (types && !control && !event.altKey) this.edit("");
      return;
    }
    event.preventDefault();
  }

  /** To the next cell that can be typed in; false when there is none, and Tab leaves the grid. */
  private tab(forward: boolean): boolean {
    let next: Selection | null = this.selection;
    do next = step(next, forward, this.model.extent);
    while (next && !this.model.canEdit(next.cursor));
    if (next) this.select(next);
    return next !== null;
  }

  private edit(text?: string): void {
    const place = this.selection.cursor;
    const cell = this.table.cell(place);
    const column = this.model.columns[place.column] as EditColumn | undefined;
    if (!cell || !column || !this.model.canEdit(place) || this.editing()) return;
    const label = `${this.model.row(place.row)?.name ?? ""} ${this.table.label(column)}`;
    openEditor(cell, column, label, text ?? this.model.text(place), (typed, ended) => {
      cell.replaceChildren();
      const rejected = typed === null ? [] : this.model.type([{ ...place, text: typed }]);
      this.table.drawRow(place.row);
      this.report(rejected);
      // A text that could not be read stays open to be mended.
      if (rejected.length > 0 && ended !== "stay") this.edit(typed ?? undefined);
      else this.after(ended);
    });
  }

  private after(ended: Ended): void {
    const go = (down: number) => this.select(move(this.selection, down, 0, this.model.extent, false));
    if (ended === "down") go(1);
    else if (ended === "up") go(-1);
    else if (ended === "next" || ended === "previous") this.tab(ended === "next") || this.select(this.selection);
    else if (ended === "cancel") this.select(this.selection);
  }

  private copy(event: ClipboardEvent): void {
    event.preventDefault();
    event.clipboardData?.setData("text/plain", formatTsv(this.model.copy(this.selection)));
  }

  private paste(event: ClipboardEvent): void {
    event.preventDefault();
    const text = event.clipboardData?.getData("text/plain");
    if (!text) return;
    const pasted = this.model.paste(this.selection, parseTsv(text));
    this.select(pasted.selection);
    this.report(pasted.rejected);
  }

  private jump(place: Cell | null): void {
    if (place) this.select(at(place.row, place.column));
  }

  private select(selection: Selection): void {
    this.draw(selection);
    const cell = this.table.cell(selection.cursor);
    cell?.focus({ preventScroll: true });
    cell?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  private draw(selection: Selection): void {
    this.selection = selection;
    this.table.drawSelection(selection);
    this.panel.draw(this.model.row(selection.cursor.row));
  }

  private editing(): boolean {
    return this.table.element.querySelector(".gm-grid-editor") !== null;
  }

  /** Says what was not taken over, and why: the first by name, the others by number. */
  private report(rejected: Rejected[]): void {
    const [first] = rejected;
    if (!first) return this.tell();
    const column = this.model.columns[first.column];
    const place = `${this.model.row(first.row)?.name ?? ""} · ${column ? this.table.label(column) : ""}`;
    const words = [this.texts.get(`grid.problem.${first.problem}`, { place, found: first.text })];
    if (rejected.length > 1) words.push(this.texts.get("grid.problem.more", { n: rejected.length - 1 }));
    this.status.textContent = words.join(" ");
    this.status.dataset.tone = "bad";
  }

  private tell(): void {
    const rows = this.model.sheet.rows;
    const count = (test: (row: Row) => boolean) => rows.filter(test).length;
    const unsaved = count((row) => this.saver.state(row.project_id) !== "clean");
    this.status.dataset.tone = "";
    this.status.textContent = this.texts.get(unsaved > 0 ? "grid.unsaved" : "grid.saved", {
      n: unsaved, rows: rows.length, submitted: count((row) => !["due", "draft", "sent_back"].includes(row.status)),
    });
  }

  private toolbar(): HTMLElement {
    const button = (key: string, symbol: string, className: string, run: () => void) => {
      const element = el("button", { type: "button", class: className }, icon(this.sprite, symbol), this.texts.get(key));
      element.addEventListener("click", run);
      return element;
    };
    const help = el("details", { class: "gm-grid-help gm-menu" }, el("summary", { class: "btn" }, icon(this.sprite, "help"), this.texts.get("grid.keys")),
      el("div", { class: "gm-menu-list" }, ...this.texts.get("grid.keys_text").split("\n").map((line) => el("p", { class: "mb-1" }, line))));
    return el("div", { class: "gm-grid-bar" }, this.status, el("div", { class: "gm-grid-buttons" },
      button("grid.undo", "arrow-back-up", "btn", () => this.jump(this.model.undo())),
      help,
      button("grid.submit_selected", "send", "btn btn-primary", () => {
        const { top, bottom } = box(this.selection);
        void this.submit(this.model.sheet.rows.slice(top, bottom + 1));
      })));
  }

  private async submit(rows: Row[]): Promise<void> {
    const ready = rows.filter((row) => ["due", "draft", "sent_back"].includes(row.status));
    if (ready.length === 0) return;
    if (!(await ask(this.texts.get("grid.submit_question", { n: ready.length })))) return;
    await this.saver.flush();
    for (const row of ready) await this.saver.submit(row.project_id);
    this.draw(this.selection);
  }
}
