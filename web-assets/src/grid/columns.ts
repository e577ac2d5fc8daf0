// The columns of the grid: how each reads from a row, and how typed text becomes a value. Pure, so
// that typing, pasting, undo and the cards on a phone all go through the same door.
import { parseWan, wanExact, wanShown } from "./money";
import type { Draft } from "./types";

export type Problem = "not_a_number" | "too_precise" | "too_large" | "not_a_choice" | "too_long";
export type Change = { set: (draft: Draft) => void } | { problem: Problem };

export interface EditColumn {
  key: string;
  /** Text key of the head. */
  label: string;
  /** The head itself, for columns named by data (a source of funds). */
  name?: string;
  kind: "money" | "text" | "choice";
  choices?: { value: string; label: string }[];
  /** The text as typed: what is edited, copied and compared. */
  read(row: Draft): string;
  /** The text as shown. */
  show(row: Draft): string;
  parse(text: string): Change;
}


/** Longer texts belong into an attachment. */
const LONGEST = 4000;

type TextField = "image_progress" | "problems" | "correction_reason";

function text(key: TextField): EditColumn {
  return {
    key,
    label: `grid.${key}`,
    kind: "text",
    read: (row) => row[key],
    show: (row) => row[key],
    parse: (typed) => {
      const value = typed.trim();
      return value.length > LONGEST ? { problem: "too_long" } : { set: (draft) => { draft[key] = value; } };
    },
  };
}

const month: EditColumn = {
  key: "month_investment",
  label: "grid.month_investment",
  kind: "money",
  read: (row) => wanExact(row.month_investment),
  show: (row) => wanShown(row.month_investment),
  parse: (typed) => {
    const parsed = parseWan(typed);
    return "problem" in parsed ? parsed : { set: (draft) => { draft.month_investment = parsed.yuan; } };
  },
};

function fund(source: string, name: string): EditColumn {
  const amount = (row: Draft) => row.funds[source] ?? null;
  return {
    key: `funds.${source}`,
    label: "grid.funds",
    name,
    kind: "money",
    read: (row) => wanExact(amount(row)),
    show: (row) => wanShown(amount(row)),
    parse: (typed) => {
      const parsed = parseWan(typed);
      if ("problem" in parsed) return parsed;
      return {
        set: (draft) => {
          const { [source]: _, ...others } = draft.funds;
          draft.funds = parsed.yuan === null ? others : { ...others, [source]: parsed.yuan };
        },
      };
    },
  };
}

function siteStatus(choices: { value: string; label: string }[]): EditColumn {
  const shown = (value: string) => choices.find((choice) => choice.value === value)?.label ?? value;
  return {
    key: "site_status",
    label: "grid.site_status",
    kind: "choice",
    choices,
    // Pasted words are what the screen shows, so both the word and the value are understood.
    read: (row) => shown(row.site_status),
    show: (row) => shown(row.site_status),
    parse: (typed) => {
      const value = typed.trim();
      const found = choices.find((choice) => choice.value === value || choice.label === value);
      if (!found && value !== "") return { problem: "not_a_choice" };
      return { set: (draft) => { draft.site_status = found?.value ?? ""; } };
    },
  };
}

/** All editable columns in their order. */
export function editColumns(config: {
  funds: { value: string; label: string }[];
  siteStatuses: { value: string; label: string }[];
}): EditColumn[] {
  return [
    month,
    ...config.funds.map((source) => fund(source.value, source.label)),
    siteStatus(config.siteStatuses),
    text("image_progress"),
    text("problems"),
    text("correction_reason"),
  ];
}

/** The column of an edit in the history; explanations of warnings are no columns but can be undone. */
export function columnFor(columns: EditColumn[], field: string): EditColumn | undefined {
  return columns.find((column) => column.key === field);
}

/** Reads the rows of a paste into a rectangle that repeats when it fits the selection exactly. */
export function pasteRectangle(cells: string[][], selected: { rows: number; columns: number }): string[][] {
  const width = Math.max(0, ...cells.map((row) => row.length));
  const square = cells.map((row) => [...row, ...Array<string>(width - row.length).fill("")]);
  const tall = selected.rows % Math.max(1, square.length) === 0 ? selected.rows / Math.max(1, square.length) : 1;
  const wide = selected.columns % Math.max(1, width) === 0 ? selected.columns / Math.max(1, width) : 1;
  const rows = square.map((row) => Array.from({ length: wide }, () => row).flat());
  return Array.from({ length: Math.max(1, tall) }, () => rows).flat();
}

