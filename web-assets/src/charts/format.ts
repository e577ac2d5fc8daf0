// Numbers as charts print them. Only for display: what is stored and sent stays an integer.
import type { Format } from "./spec";

/** What an amount in yuan is divided by, by the unit the page chose for its reader. */
const MONEY: Partial<Record<Format, number>> = { yi: 1e8, trillion: 1e12, billion: 1e9, million: 1e6 };

/** "12,345.67" for yuan in the page's unit, "1,234" for counts, "62.5" for permille. */
export function formatValue(value: number | null | undefined, format: Format): string {
  if (value === null || value === undefined || Number.isNaN(value)) return "—";
  switch (format) {
    case "yi":
    case "trillion":
    case "billion":
    case "million":
      return group(value / (MONEY[format] ?? 1), 2);
    case "count":
      return group(value, 0);
    case "permille":
      return group(value / 10, 1);
    case "parts":
      return (value / 1e4).toLocaleString("en-US", { maximumFractionDigits: 4 });
  }
}

function group(value: number, digits: number): string {
  return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** An axis label: the same unit, without needless zeros. */
export function formatAxis(value: number, format: Format): string {
  const divisor = format === "permille" ? 10 : format === "parts" ? 1e4 : (MONEY[format] ?? 1);
  const shown = value / divisor;
  return shown.toLocaleString("en-US", { maximumFractionDigits: 1 });
}
