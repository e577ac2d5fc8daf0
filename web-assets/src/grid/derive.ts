// What follows from one typed figure, by the same integer rules as the server: the reporter never
// types a total, but sees every total move while typing.
import { roundDiv, tenthsShown, wanShown } from "./money";
import type { Ratio, Row } from "./types";

export interface Derived {
  ytd: string;
  completion: string;
  gap: string;
  behind: boolean;
  total: string;
  /** Numerator and denominator of the completion, for the tooltip. */
  madeOf: string;
}

/** The derived columns of a row; a month without a figure counts as nothing yet. */
export function derive(row: Row, time: Ratio): Derived {
  const ytd = row.ytd_before + (row.month_investment ?? 0);
  const [done, plan] = [BigInt(ytd), BigInt(row.annual_plan)];
  const [passed, span] = [BigInt(time.num), BigInt(time.den)];
  const completion = roundDiv(done * 1000n, plan);
  const gap = roundDiv((done * span - passed * plan) * 1000n, plan * span);
  return {
    ytd: wanShown(ytd),
    completion: completion === null ? "—" : `${tenthsShown(completion)}%`,
    gap: gap === null ? "—" : (gap > 0n ? "+" : "") + tenthsShown(gap),
    behind: gap !== null && gap < 0n,
    total: wanShown(row.before_year + ytd),
    madeOf: `${wanShown(ytd)} / ${wanShown(row.annual_plan)}`,
  };
}
