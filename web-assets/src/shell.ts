// The frame of the page: the navigation on a phone, the theme switch, menus that close.

/** Opens and closes the sidebar on narrow screens; the button carries aria-expanded. */
export function installNavigation(): void {
  const button = document.querySelector<HTMLButtonElement>("[data-nav-toggle]");
  const nav = button && document.getElementById(button.getAttribute("aria-controls") ?? "");
  if (!button || !nav) return;
  const show = (open: boolean) => {
    nav.classList.toggle("show", open);
    button.setAttribute("aria-expanded", String(open));
  };
  button.addEventListener("click", () => show(button.getAttribute("aria-expanded") !== "true"));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && button.getAttribute("aria-expanded") === "true") {
      show(false);
      button.focus();
    }
  });
  // Menus are <details>: native and keyboard-ready, but they do not close by themselves.
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.gm-menu[open]")) {
      if (!menu.contains(event.target as Node)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector<HTMLDetailsElement>("details.gm-menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    }
  });
}

/** Switches between light and dark and remembers it; charts listen for `gangmu:theme`. */
export function installThemeSwitch(): void {
  const button = document.querySelector<HTMLButtonElement>("[data-theme-toggle]");
  if (!button) return;
  const root = document.documentElement;
  button.addEventListener("click", () => {
    const next = root.dataset.bsTheme === "dark" ? "light" : "dark";
    root.dataset.bsTheme = next;
    button.setAttribute("aria-pressed", String(next === "dark"));
    try {
      localStorage.setItem("gangmu.theme", next);
    } catch {
      // Not remembered; still switched for this page.
    }
    document.dispatchEvent(new CustomEvent("gangmu:theme"));
  });
  button.setAttribute("aria-pressed", String(root.dataset.bsTheme === "dark"));
}
