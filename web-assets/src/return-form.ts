// The form of one return: what follows from the month's figure moves while it is typed, by the
// same integer rules as the grid and the server. Without this script the server's figures stand.
import { derive } from "./grid/derive";
import { parseWan } from "./grid/money";
import type { Row } from "./grid/types";

/** Watches the month's figure of every `form[data-derive]`. */
export function installReturnForm(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-derive]")) {
    const month = form.elements.namedItem("month_investment");
    if (month instanceof HTMLInputElement) month.addEventListener("input", () => show(form, month.value));
  }
}

function show(form: HTMLFormElement, typed: string): void {
  const { plan = "0", beforeYear = "0", ytdBefore = "0", time = "0/1" } = form.dataset;
  const [num = 0, den = 1] = time.split("/").map(Number);
  const amount = parseWan(typed);
  if ("problem" in amount) return;
  const row = {
    annual_plan: Number(plan),
    before_year: Number(beforeYear),
    ytd_before: Number(ytdBefore),
    month_investment: amount.yuan,
  } as Row;
  const derived = derive(row, { num, den });
  for (const place of document.querySelectorAll<HTMLElement>("[data-derived]")) {
    const name = place.dataset.derived as "ytd" | "completion" | "gap" | "total";
    place.textContent = derived[name];
    place.classList.toggle("gm-change-down", name === "gap" && derived.behind);
  }
}
