// Tooltips for elements with a `title`: on hover, focus and tap, where the native title shows only
// on hover. Without this script the native title remains.

/** Takes over every `[data-tip]` and shows its text in one floating box. */
export function installTips(): void {
  const box = document.createElement("div");
  box.className = "gm-tip";
  box.setAttribute("role", "tooltip");
  box.hidden = true;
  document.body.append(box);
  let shown: Element | null = null;

  const hide = () => {
    box.hidden = true;
    shown = null;
  };
  const show = (target: HTMLElement) => {
    box.textContent = target.dataset.tip ?? "";
    box.hidden = false;
    shown = target;
    const at = target.getBoundingClientRect();
    const size = box.getBoundingClientRect();
    const left = Math.min(Math.max(8, at.left + at.width / 2 - size.width / 2), innerWidth - size.width - 8);
    const above = at.top - size.height - 6;
    box.style.left = `${left}px`;
    box.style.top = `${above >= 4 ? above : at.bottom + 6}px`;
  };
  const find = (event: Event): HTMLElement | null => {
    const target = event.target;
    return target instanceof Element ? target.closest<HTMLElement>("[data-tip]") : null;
  };

  for (const name of ["pointerover", "focusin", "click"] as const) {
    document.addEventListener(name, (event) => {
      const target = find(event);
      if (target) {
        target.removeAttribute("title");
        show(target);
      } else if (name !== "focusin") {
        hide();
      }
    });
  }
  document.addEventListener("focusout", hide);
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
  addEventListener("scroll", () => shown && hide(), { capture: true, passive: true });
}
