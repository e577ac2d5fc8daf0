// The wire shapes of the dispatch grid, as /api/v1 serves them. All money is in whole yuan.

export interface Ratio {
  num: number;
  den: number;
}

export interface Finding {
  code: string;
  severity: "error" | "warning";
  /** Which field it is about, or empty for the row. */
  field: string;
  message: string;
}

/** What the reporter types. */
export interface Draft {
  month_investment: number | null;
  funds: Record<string, number>;
  site_status: string;
  image_progress: string;
  problems: string;
  correction_reason: string;
  explanations: Record<string, string>;
}

export type Status = "due" | "draft" | "submitted" | "reviewed" | "accepted" | "sent_back";

export interface Row extends Draft {
  project_id: string;
  name: string;
  code: string | null;
  unit_name: string;
  version: number;
  status: Status;
  annual_plan: number;
  total_investment: number;
  /** Invested before this year began. */
  before_year: number;
  /** January to the month before. */
  ytd_before: number;
  previous_image_progress: string;
  findings: Finding[];
}

export interface Sheet {
  period: string;
  due_on: string;
  closed: boolean;
  time_progress: Ratio;
  rows: Row[];
}

/** Rows in these states may be edited by the reporter. */
export function isEditable(row: Row, sheet: Pick<Sheet, "closed">): boolean {
  return !sheet.closed && (row.status === "due" || row.status === "draft" || row.status === "sent_back");
}

/** The part of a row that is sent back. */
export function draftOf(row: Row): Draft {
  const { month_investment, funds, site_status, image_progress, problems, correction_reason, explanations } = row;
  return { month_investment, funds, site_status, image_progress, problems, correction_reason, explanations };
}
