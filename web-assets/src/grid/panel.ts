// What there is to say about the row under the cursor: findings with their explanations, last
// month's words, a conflict to settle, and the button that submits.
import { el, icon, type Texts } from "./dom";
import type { GridModel } from "./model";
import type { Saver } from "./saver";
import { draftOf, isEditable, type Row } from "./types";

export interface PanelActions {
  explain(row: Row, code: string, text: string): void;
  resolve(row: Row, choice: "mine" | "theirs"): void;
  submit(row: Row): void;
}

export class RowPanel {
  readonly element = el("section", { class: "gm-grid-panel", "aria-live": "polite" });
  private drawn = "";

  constructor(
    private readonly model: GridModel, private readonly saver: Saver, private readonly texts: Texts,
    private readonly sprite: string, private readonly actions: PanelActions,
  ) {
    this.element.setAttribute("aria-label", texts.get("grid.panel"));
  }

  /** Draws the panel for a row; keeps what is being typed in it when nothing else changed. */
  draw(row: Row | undefined): void {
    if (!row) return;
    const state = this.saver.state(row.project_id);
    const settled = state === "clean";
    const now = JSON.stringify([row.project_id, row.version, row.status, row.findings, state === "conflict", settled, this.saver.message(row.project_id)]);
    if (now === this.drawn) return;
    const typing = this.element.contains(document.activeElement) && document.activeElement instanceof HTMLTextAreaElement;
    if (typing && this.drawn.startsWith(JSON.stringify([row.project_id]).slice(0, -1)) && state !== "conflict") return;
    this.drawn = now;
    const parts: (Node | string)[] = [el("h2", { class: "gm-grid-panel-title" }, row.name)];
    if (state === "conflict") parts.push(this.conflict(row));
    const message = this.saver.message(row.project_id);
    if (message) parts.push(el("p", { class: "gm-field-error" }, message === "offline" ? this.texts.get("grid.submit_offline") : message));
    for (const finding of row.findings) parts.push(this.finding(row, finding));
    if (row.findings.length === 0) parts.push(el("p", { class: "text-secondary mb-1" }, this.texts.get("grid.no_findings")));
    if (row.previous_image_progress) {
      parts.push(el("p", { class: "text-secondary mb-1" }, this.texts.get("grid.previous_image_progress", { text: row.previous_image_progress })));
    }
    if (isEditable(row, this.model.sheet)) parts.push(this.submit(row));
    this.element.replaceChildren(...parts);
  }

  private finding(row: Row, finding: Row["findings"][number]): HTMLElement {
    const error = finding.severity === "error";
    const line = el("div", { class: `gm-grid-finding gm-light-${error ? "red" : "yellow"}` },
      icon(this.sprite, error ? "alert-octagon-filled" : "alert-triangle-filled"),
      el("span", {}, `${this.texts.get(error ? "grid.error" : "grid.warning")} ${finding.message}`));
    if (error || !isEditable(row, this.model.sheet)) {
      const said = row.explanations[finding.code];
      return el("div", {}, line, ...(said ? [el("p", { class: "mb-1" }, said)] : []));
    }
    const id = `explain-${finding.code}`;
    const area = el("textarea", { class: "form-control", id, rows: 2 });
    area.value = row.explanations[finding.code] ?? "";
    area.addEventListener("input", () => this.actions.explain(row, finding.code, area.value));
    return el("div", { class: "gm-field" }, line, el("label", { for: id, class: "form-label" }, this.texts.get("grid.explanation")), area);
  }

  /** Both versions, field by field; nothing is overwritten before the person chose. */
  private conflict(row: Row): HTMLElement {
    const theirs = this.saver.theirs(row.project_id);
    const lines = this.model.columns.flatMap((column) => {
      if (column.kind === "info" || !theirs) return [];
      const [mine, other] = [column.show(draftOf(row)), column.show(theirs)];
      return mine === other ? [] : [el("tr", {},
        el("th", { scope: "row" }, "name" in column && column.name ? column.name : this.texts.get(column.label)),
        el("td", {}, mine || "—"), el("td", {}, other || "—"))];
    });
    const choose = (choice: "mine" | "theirs") => {
      const button = el("button", { type: "button", class: choice === "mine" ? "btn btn-primary" : "btn" }, this.texts.get(`grid.keep_${choice}`));
      button.addEventListener("click", () => this.actions.resolve(row, choice));
      return button;
    };
    const head = ["grid.field", "grid.mine", "grid.theirs"].map((key) => el("th", { scope: "col" }, this.texts.get(key)));
    return el("div", { class: "gm-errors", role: "alert" },
      el("p", { class: "mb-2" }, this.texts.get("grid.conflict")),
      el("table", { class: "gm-table mb-2" }, el("thead", {}, el("tr", {}, ...head)), el("tbody", {}, ...lines)),
      el("div", { class: "gm-form-buttons" }, choose("mine"), choose("theirs")));
  }

  private submit(row: Row): HTMLElement {
    const errors = row.findings.some((one) => one.severity === "error");
    const unexplained = row.findings.some((one) => one.severity === "warning" && !row.explanations[one.code]);
    const unsaved = this.saver.state(row.project_id) !== "clean";
    const button = el("button", { type: "button", class: "btn btn-primary", disabled: errors || unsaved }, icon(this.sprite, "send"), this.texts.get("grid.submit"));
    button.addEventListener("click", () => this.actions.submit(row));
    const why = errors ? "grid.submit_blocked" : unexplained ? "grid.submit_unexplained" : "";
    return el("div", { class: "gm-form-buttons" }, button, ...(why ? [el("span", { class: "text-secondary align-self-center" }, this.texts.get(why))] : []));
  }
}
