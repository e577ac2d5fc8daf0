// The clipboard's table: what Excel and WPS put there and take from there. Cells are parted by
// tabs, rows by line ends; a cell with either inside is quoted, quotes inside doubled.

/** Reads a rectangle of cells; rows may differ in length. One trailing line end is no row. */
export function parseTsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at <= text.length) {
    const [cell, next] = text[at] === '"' ? quotedCell(text, at) : plainCell(text, at);
    row.push(cell);
    const mark = text[next];
    if (mark === "\t") {
      at = next + 1;
      continue;
    }
    rows.push(row);
    row = [];
    at = next + (mark === "\r" && text[next + 1] === "\n" ? 2 : 1);
    if (at >= text.length) break;
  }
  return rows;
}

function plainCell(text: string, from: number): [string, number] {
  let end = from;
  while (end < text.length && !"\t\r\n".includes(text[end] ?? "")) end += 1;
  return [text.slice(from, end), end];
}

/** A quote that is never closed, or closed in the middle of a cell, is an ordinary character. */
function quotedCell(text: string, from: number): [string, number] {
  let cell = "";
  let at = from + 1;
  while (at < text.length) {
    if (text[at] !== '"') {
      cell += text[at];
      at += 1;
    } else if (text[at + 1] === '"') {
      cell += '"';
      at += 2;
    } else {
      const after = text[at + 1];
      const closed = after === undefined || "\t\r\n".includes(after);
      return closed ? [cell.replace(/\r\n/g, "\n"), at + 1] : plainCell(text, from);
    }
  }
  return plainCell(text, from);
}

/** Writes a rectangle of cells so that Excel reads back the same. */
export function formatTsv(rows: string[][]): string {
  return rows
    .map((row) => row.map((cell) => (/[\t\r\n"]/.test(cell) ? `"${cell.replace(/"/g, '""')}"` : cell)).join("\t"))
    .join("\r\n");
}
