// Asking before what cannot be undone, and refusing to send the same form twice.

/**
 * A form or button with `data-confirm="question"` asks in a native dialog first. The buttons'
 * words come from `data-confirm-yes` and `data-confirm-no` on the body, in the page's language.
 */
export function installConfirm(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    const submitter = event.submitter as HTMLElement | null;
    const question = submitter?.dataset.confirm ?? form.dataset.confirm;
    if (!question || form.dataset.confirmed === "true") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    void ask(question).then((yes) => {
      if (!yes) return;
      form.dataset.confirmed = "true";
      form.requestSubmit(submitter as HTMLButtonElement | undefined);
      delete form.dataset.confirmed;
    });
  }, true);
}

/** Shows the question; resolves to true only when the person agreed. */
export function ask(question: string): Promise<boolean> {
  const words = document.body.dataset;
  const dialog = document.createElement("dialog");
  dialog.className = "gm-dialog card";
  const text = document.createElement("p");
  text.id = "gm-dialog-text";
  text.textContent = question;
  dialog.setAttribute("aria-labelledby", text.id);
  const buttons = document.createElement("div");
  buttons.className = "gm-dialog-buttons";
  const no = button(words.confirmNo ?? "Cancel", "btn");
  const yes = button(words.confirmYes ?? "OK", "btn btn-primary");
  buttons.append(no, yes);
  dialog.append(text, buttons);
  document.body.append(dialog);
  return new Promise((resolve) => {
    yes.addEventListener("click", () => dialog.close("yes"));
    no.addEventListener("click", () => dialog.close("no"));
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    dialog.showModal();
    no.focus();
  });
}

function button(text: string, className: string): HTMLButtonElement {
  const element = document.createElement("button");
  element.type = "button";
  element.className = className;
  element.textContent = text;
  return element;
}

/** Disables the submit buttons of a form that was sent, until the page is shown again. */
export function installOnce(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (event.defaultPrevented || form.method.toLowerCase() !== "post") return;
    // After this task, so that the pressed button's own name and value are still sent.
    setTimeout(() => setDisabled(form, true), 0);
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.forms) setDisabled(form, false);
  });
}

function setDisabled(form: HTMLFormElement, disabled: boolean): void {
  for (const element of form.querySelectorAll<HTMLButtonElement>("button[type=submit]")) {
    if (disabled && !element.disabled) {
      element.disabled = true;
      element.dataset.once = "true";
    } else if (!disabled && element.dataset.once) {
      element.disabled = false;
      delete element.dataset.once;
    }
  }
}
