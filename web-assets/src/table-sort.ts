// Sorting of small tables in the page. Long lists are sorted by the server through their URL;
// this is for tables that are on the screen as a whole (`<table data-sortable>`).

/** Turns the head cells of `table[data-sortable]` into sort buttons. */
export function installTableSort(part: ParentNode): void {
  for (const table of part.querySelectorAll<HTMLTableElement>("table[data-sortable]")) {
    if (table.dataset.sortReady) continue;
    table.dataset.sortReady = "true";
    table.querySelectorAll<HTMLTableCellElement>("thead th:not([data-nosort])").forEach((th) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "gm-sort";
      button.append(...th.childNodes);
      th.append(button);
      button.addEventListener("click", () => sortBy(table, th));
    });
  }
}

function sortBy(table: HTMLTableElement, th: HTMLTableCellElement): void {
  const column = th.cellIndex;
  const numeric = th.classList.contains("num");
  // Numbers are looked at from the largest first, names from the first.
  const next = th.ariaSort === "descending" ? "ascending"
    : th.ariaSort === "ascending" ? "descending"
    : numeric ? "descending" : "ascending";
  for (const other of table.querySelectorAll("thead th[aria-sort]")) other.removeAttribute("aria-sort");
  th.setAttribute("aria-sort", next);
  const body = table.tBodies[0];
  if (!body) return;
  const rows = [...body.rows];
  rows.sort((a, b) => {
    const order = compareCells(sortKey(a.cells[column]), sortKey(b.cells[column]), numeric);
    return next === "ascending" ? order : -order;
  });
  body.append(...rows);
}

function sortKey(cell: HTMLTableCellElement | undefined): string {
  return cell?.dataset.value ?? cell?.textContent?.trim() ?? "";
}

/** Orders two cells; what is no number counts as less than every number. */
export function compareCells(a: string, b: string, numeric: boolean): number {
  if (!numeric) return a.localeCompare(b, document.documentElement.lang || "zh-CN");
  const x = parseNumber(a);
  const y = parseNumber(b);
  if (x === null || y === null) return x === y ? 0 : x === null ? -1 : 1;
  return x - y;
}

/** Reads the number a cell shows ("1,234.5 万元", "−3.2"); null when there is none. */
export function parseNumber(text: string): number | null {
  const found = text.replace(/[,\u2009\u202f\s]/g, "").replace(/[−－]/g, "-").match(/-?\d+(\.\d+)?/);
  return found ? Number(found[0]) : null;
}
