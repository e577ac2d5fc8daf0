//! Lights (红黄绿灯): a policy table, never code.
//!
//! Rules differ by city and may leave a range undefined (银川 says nothing about 0–10 points
//! behind); then the answer is "undefined", not a guess. Every light can say why it is lit.

use crate::words::words;
use crate::{Period, Ratio, Yuan};

words! {
    /// The colour, always shown with a shape and a word.
    Light {
        /// Needs leaders (红灯).
        Red = "red",
        /// Needs attention (黄灯).
        Yellow = "yellow",
        /// As planned (绿灯).
        Green = "green",
        /// Ahead of plan, where a rule tells it apart (超前).
        Ahead = "ahead",
        /// The rule does not say, or there is nothing to measure (未定义).
        Undefined = "undefined",
    }
}

words! {
    /// What a rule looks at.
    Dimension {
        /// Investment against time or plan (进度).
        Progress = "progress",
        /// Start against the planned month (开工).
        Start = "start",
        /// A unit's monthly targets, reached or missed (月度目标).
        Target = "target",
    }
}

words! {
    /// How the value is measured.
    Basis {
        /// Completion rate less time progress, in hundredths of a percentage point.
        GapToTime = "gap_to_time",
        /// Completion rate ÷ time progress, in hundredths of a percent.
        RatioToTime = "ratio_to_time",
        /// Completion ÷ plan to date, in hundredths of a percent.
        RatioToPlan = "ratio_to_plan",
        /// Months running up to the newest: without the start that was due ([`months_late`]), or
        /// with the target missed ([`months_missed`]).
        MonthsLate = "months_late",
    }
}

/// A range of values and the light it gives. `None` is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Band {
    /// The light.
    pub light: Light,
    /// Lowest value, included.
    pub from: Option<i64>,
    /// First value above, excluded.
    pub below: Option<i64>,
}

/// The values that give a light, for lists of what is lit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LitRange {
    /// How the value is measured.
    pub basis: Basis,
    /// The values.
    pub band: Band,
    /// Who is late for a proper reason is not lit, whatever the value.
    pub exemptible: bool,
}

/// One rule of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LightRule {
    /// What it looks at.
    pub dimension: Dimension,
    /// How that is measured.
    pub basis: Basis,
    /// Its bands; the first that fits counts.
    pub bands: Vec<Band>,
    /// A good reason lifts the light (无正当理由).
    pub exemptible: bool,
}

/// A named, dated set of rules with its source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LightPolicy {
    /// Its word, such as `yinchuan-2025`.
    pub code: String,
    /// The name people know it by.
    pub name: String,
    /// The same in English.
    pub name_en: String,
    /// Where the thresholds were published.
    pub source: String,
    /// The rules.
    pub rules: Vec<LightRule>,
}

/// A light with what lit it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lit {
    /// The colour.
    pub light: Light,
    /// How the value was measured.
    pub basis: Basis,
    /// The value; `None` when there was nothing to measure.
    pub value: Option<i64>,
    /// The band that fitted.
    pub band: Option<Band>,
    /// A good reason lifts the light.
    pub exemptible: bool,
    /// A good reason has lifted it.
    pub excused: bool,
}

impl Light {
    /// Says whether it tells of somebody who is late.
    #[must_use]
    pub fn warns(self) -> bool {
        matches!(self, Self::Red | Self::Yellow)
    }
}

impl LightPolicy {
    /// Lights the progress of investment.
    ///
    /// Returns an undefined light where the policy has no rule for progress.
    #[must_use]
    pub fn progress(&self, done: Yuan, plan: Yuan, plan_to_date: Yuan, time: Ratio) -> Lit {
        self.lit(Dimension::Progress, |basis| match basis {
            Basis::GapToTime => Ratio::of(done, plan).minus_scaled(time, 10_000),
            Basis::RatioToTime => ratio_to_time(done, plan, time),
            Basis::RatioToPlan => Ratio::of(done, plan_to_date).scaled(10_000),
            Basis::MonthsLate => None,
        })
    }

    /// Returns the range of values that gives a light for progress, for lists of what is lit.
    #[must_use]
    pub fn progress_range(&self, light: Light) -> Option<LitRange> {
        let rule = self.rule(Dimension::Progress)?;
        let band = rule.bands.iter().find(|band| band.light == light)?;
        Some(LitRange {
            basis: rule.basis,
            band: *band,
            exemptible: rule.exemptible && light.warns(),
        })
    }

    /// Says whether a proper reason for being late lifts lights of a dimension.
    #[must_use]
    pub fn excuses(&self, dimension: Dimension) -> bool {
        self.rule(dimension).is_some_and(|rule| rule.exemptible)
    }

    fn rule(&self, dimension: Dimension) -> Option<&LightRule> {
        self.rules.iter().find(|rule| rule.dimension == dimension)
    }

    /// Lights the start of a project that is `months_late` months behind its planned month.
    #[must_use]
    pub fn start(&self, months_late: i64) -> Lit {
        self.lit(Dimension::Start, |basis| {
            (basis == Basis::MonthsLate).then_some(months_late)
        })
    }

    /// Lights a unit that missed its target in each of the last `months_missed` months.
    #[must_use]
    pub fn target(&self, months_missed: i64) -> Lit {
        self.lit(Dimension::Target, |basis| {
            (basis == Basis::MonthsLate).then_some(months_missed)
        })
    }

    fn lit(&self, dimension: Dimension, measure: impl Fn(Basis) -> Option<i64>) -> Lit {
        let Some(rule) = self.rule(dimension) else {
            return Lit {
                light: Light::Undefined,
                basis: Basis::GapToTime,
                value: None,
                band: None,
                exemptible: false,
                excused: false,
            };
        };
        let value = measure(rule.basis);
        let band = value.and_then(|v| rule.bands.iter().copied().find(|band| band.holds(v)));
        Lit {
            light: band.map_or(Light::Undefined, |band| band.light),
            basis: rule.basis,
            value,
            band,
            exemptible: rule.exemptible,
            excused: false,
        }
    }
}

impl Lit {
    /// Lifts a red or yellow light of who is excused; the band still tells what it would have been.
    ///
    /// Nothing changes where the rule knows no exemption.
    #[must_use]
    pub fn excused_if(self, excused: bool) -> Self {
        if excused && self.exemptible && self.light.warns() {
            Self {
                light: Light::Undefined,
                excused: true,
                ..self
            }
        } else {
            self
        }
    }
}

/// Counts the months in which a project should have started and had not (当月应开未开).
///
/// The month it is due counts as one, so "three months running" is 3, two months after it.
#[must_use]
pub fn months_late(start_due: Period, started: bool, period: Period) -> i64 {
    let months = |p: Period| i64::from(p.year()) * 12 + i64::from(p.month());
    if started || start_due > period {
        0
    } else {
        months(period) - months(start_due) + 1
    }
}

/// Counts the months running up to the newest in which a unit missed its target (连续未达标月数).
///
/// `months` come newest first, each with what was invested from January and what was planned to be.
#[must_use]
pub fn months_missed(months: impl IntoIterator<Item = (Yuan, Yuan)>) -> i64 {
    let missed = months.into_iter().take_while(|(done, plan)| done < plan);
    i64::try_from(missed.count()).unwrap_or(i64::MAX)
}

impl Band {
    fn holds(&self, value: i64) -> bool {
        self.from.is_none_or(|from| value >= from) && self.below.is_none_or(|below| value < below)
    }
}

/// (done ÷ plan) ÷ time, in hundredths of a percent, in one rounding.
fn ratio_to_time(done: Yuan, plan: Yuan, time: Ratio) -> Option<i64> {
    let reached = i128::from(done.0) * i128::from(time.denominator);
    crate::money::div_round(
        reached.checked_mul(10_000)?,
        i128::from(plan.0) * i128::from(time.numerator),
    )
}
