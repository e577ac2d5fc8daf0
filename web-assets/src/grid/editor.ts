// The control that opens inside a cell. It knows nothing of rows: text in, text out.
import type { EditColumn } from "./columns";
import { el } from "./dom";

/** How an edit ended, and where the cursor goes next. */
export type Ended = "down" | "up" | "next" | "previous" | "stay" | "cancel";

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** Opens the right control in `cell`; `done` gets the text, or null when it was given up. */
export function openEditor(
  cell: HTMLElement, column: EditColumn, label: string, text: string, done: (text: string | null, ended: Ended) => void,
): Control {
  const control = controlFor(column, label, text);
  let open = true;
  const finish = (ended: Ended) => {
    if (!open) return;
    open = false;
    done(ended === "cancel" ? null : control.value, ended);
  };
  control.addEventListener("keydown", (raw) => {
    const event = raw as KeyboardEvent;
    // Enter and Escape belong to the input method while it composes Chinese characters.
    if (event.isComposing) return;
    event.stopPropagation();
    const newline = event.key === "Enter" && (event.altKey || event.ctrlKey) && control instanceof HTMLTextAreaElement;
    if (newline) control.setRangeText("\n", control.selectionStart, control.selectionEnd, "end");
    else if (event.key === "Enter") finish(event.shiftKey ? "up" : "down");
    else if (event.key === "Tab") finish(event.shiftKey ? "previous" : "next");
    else if (event.key === "Escape") finish("cancel");
    else return;
    event.preventDefault();
  });
  for (const name of ["copy", "paste", "cut", "click", "dblclick", "pointerdown"]) {
    control.addEventListener(name, (event) => event.stopPropagation());
  }
  control.addEventListener("blur", () => finish("stay"));
  cell.replaceChildren(control);
  control.focus();
  if (!(control instanceof HTMLSelectElement)) control.setSelectionRange(text.length, text.length);
  return control;
}

function controlFor(column: EditColumn, label: string, text: string): Control {
  if (column.kind === "choice") {
    const select = el("select", { class: "gm-grid-editor", "aria-label": label }, el("option", { value: "" }, "—"));
    for (const choice of column.choices ?? []) {
      select.append(el("option", { value: choice.value, selected: choice.label === text }, choice.label));
    }
    return select;
  }
  const control = column.kind === "text"
    ? el("textarea", { class: "gm-grid-editor", rows: 3, "aria-label": label })
    : el("input", { class: "gm-grid-editor num", inputmode: "decimal", autocomplete: "off", "aria-label": label });
  control.value = text;
  return control;
}
