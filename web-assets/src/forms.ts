// Small help for forms that already work without it.

/** A filter form with `data-autosubmit` is sent as soon as one of its choices changes. */
export function installAutosubmit(): void {
  document.addEventListener("change", (event) => {
    const control = event.target as HTMLElement;
    const form = control.closest<HTMLFormElement>("form[data-autosubmit]");
    if (form && control.matches("select, input[type=checkbox], input[type=radio], input[type=month]")) {
      form.requestSubmit();
    }
  });
}

/** After a refused form the summary of its errors gets the focus, so nobody has to look for it. */
export function installErrorFocus(): void {
  document.querySelector<HTMLElement>("[data-error-summary]")?.focus();
}

/** A box with `data-check-all="NAME"` ticks and clears all boxes of that name. */
export function installCheckAll(): void {
  document.addEventListener("change", (event) => {
    const all = event.target as HTMLInputElement;
    const name = all.dataset.checkAll;
    if (!name) return;
    for (const box of document.querySelectorAll<HTMLInputElement>(`input[type=checkbox][name="${name}"]`)) {
      box.checked = all.checked;
    }
  });
}
