// Runs before the first paint, in the head: marks that scripts work and applies the saved theme,
// so that neither flickers. Everything else waits for app.ts.
const root = document.documentElement;
root.classList.add("js");
try {
  const saved = localStorage.getItem("gangmu.theme");
  if (saved === "dark" || saved === "light") root.dataset.bsTheme = saved;
} catch {
  // Storage may be forbidden; the light theme stays.
}
