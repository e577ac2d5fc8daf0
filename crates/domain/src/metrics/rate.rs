//! The rates of `domain.md` §3.8, each an exact ratio that can show what it was made from.

use super::{Measure, Measures};
use crate::{Period, Ratio};

/// The rates of a set of measures at the end of a period.
#[derive(Clone, Copy, Debug)]
pub struct Rates<'a> {
    measures: &'a Measures,
    period: Period,
}

impl<'a> Rates<'a> {
    /// Reads the rates of these measures.
    #[must_use]
    pub fn of(measures: &'a Measures, period: Period) -> Self {
        Self { measures, period }
    }

    fn ratio(&self, part: Measure, whole: Measure) -> Ratio {
        Ratio::new(self.measures.get(part), self.measures.get(whole))
    }

    /// (started + at work again) ÷ projects to be built this year (开复工率).
    #[must_use]
    pub fn at_work(&self) -> Ratio {
        let m = self.measures;
        Ratio::new(
            m.get(Measure::Started) + m.get(Measure::AtWork),
            m.get(Measure::NewStarts) + m.get(Measure::Continuing),
        )
    }

    /// Continuing projects at work again ÷ continuing projects (复工率).
    #[must_use]
    pub fn resumed(&self) -> Ratio {
        self.ratio(Measure::AtWork, Measure::Continuing)
    }

    /// Started ÷ all new starts of the year (开工率, 全年口径).
    #[must_use]
    pub fn started_of_year(&self) -> Ratio {
        self.ratio(Measure::Started, Measure::NewStarts)
    }

    /// Started, early ones included, ÷ new starts due by the period (开工率, 应开工口径).
    #[must_use]
    pub fn started_of_due(&self) -> Ratio {
        self.ratio(Measure::Started, Measure::DueToStart)
    }

    /// Investment to date ÷ annual plan (投资完成率).
    #[must_use]
    pub fn completion(&self) -> Ratio {
        self.ratio(Measure::YearToDate, Measure::AnnualPlan)
    }

    /// The share of the year that has passed, n/12 (序时进度).
    #[must_use]
    pub fn time_progress(&self) -> Ratio {
        self.period.time_progress()
    }

    /// Completion rate less time progress, in hundredths of a percentage point (超/欠序时进度).
    #[must_use]
    pub fn gap(&self) -> Option<i64> {
        self.completion().minus_scaled(self.time_progress(), 10_000)
    }

    /// Investment to date ÷ plan to date (月计划完成率).
    #[must_use]
    pub fn plan_to_date(&self) -> Ratio {
        self.ratio(Measure::YearToDate, Measure::PlanToDate)
    }

    /// Completed ÷ projects to be completed this year (竣工率).
    #[must_use]
    pub fn completed(&self) -> Ratio {
        self.ratio(Measure::Completed, Measure::Completions)
    }

    /// Money in place ÷ annual plan (资金到位率).
    #[must_use]
    pub fn funds(&self) -> Ratio {
        self.ratio(Measure::FundsToDate, Measure::AnnualPlan)
    }

    /// Returns handed in ÷ projects on the list (报送率).
    #[must_use]
    pub fn reported(&self) -> Ratio {
        self.ratio(Measure::Reported, Measure::Projects)
    }

    /// (Not needed + granted) ÷ all matters before the start (手续办结率, 手续口径).
    #[must_use]
    pub fn matters_done(&self) -> Ratio {
        self.ratio(Measure::MattersDone, Measure::Matters)
    }

    /// New starts with every matter through ÷ new starts (手续办结率, 项目口径).
    ///
    /// There is no value while no project has a case: nothing is known then, which is not zero.
    #[must_use]
    pub fn matters_through(&self) -> Ratio {
        match self.measures.get(Measure::Matters) {
            0 => Ratio::new(0, 0),
            _ => self.ratio(Measure::MattersThrough, Measure::NewStarts),
        }
    }

    /// Investment to date over the same of the year before, less one (同比).
    ///
    /// `before` are the frozen measures of the same month a year ago.
    #[must_use]
    pub fn year_on_year(&self, before: &Measures) -> Ratio {
        Ratio::new(
            self.measures.get(Measure::YearToDate),
            before.get(Measure::YearToDate),
        )
        .growth()
    }
}

/// A ratio as somebody printed it, with the decimals they used.
#[derive(Clone, Copy, Debug)]
pub struct PublishedRatio<'a> {
    /// The numerator as printed, a decimal number.
    pub numerator: &'a str,
    /// The denominator as printed, a decimal number.
    pub denominator: &'a str,
    /// The percentage as printed, without the sign.
    pub percent: &'a str,
}

/// Says whether a printed percentage is what its printed parts give, rounded to its own decimals.
///
/// `None` when a part is not a decimal number or the denominator is zero (勾稽校验).
#[must_use]
pub fn published_matches(printed: PublishedRatio<'_>) -> Option<bool> {
    let (numerator, n_decimals) = decimal(printed.numerator)?;
    let (denominator, d_decimals) = decimal(printed.denominator)?;
    let (percent, p_decimals) = decimal(printed.percent)?;
    // numerator·10^-n / denominator·10^-d, brought to one integer ratio.
    let ratio = Ratio::new(
        numerator.checked_mul(10_i64.checked_pow(d_decimals)?)?,
        denominator.checked_mul(10_i64.checked_pow(n_decimals)?)?,
    );
    let computed = ratio.scaled(10_i64.checked_pow(p_decimals)?.checked_mul(100)?)?;
    Some(computed == percent)
}

fn decimal(text: &str) -> Option<(i64, u32)> {
    let text = text.trim();
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    if !part.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let digits = format!("{whole}{part}");
    Some((digits.parse().ok()?, u32::try_from(part.len()).ok()?))
}
