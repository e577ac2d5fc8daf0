//! What an indicator can be linked to: figures the system computes anyway.

use super::{Growth, Quantity, UnitOfMeasure};
use crate::Period;
use crate::metrics::{Measure, Measures, Rates};

/// A figure the system computes (可关联指标).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    /// An additive measure of the dispatch or the approvals.
    Total(Measure),
    /// A rate of two such measures.
    Rate(&'static str),
    /// Projects of the library, in whatever stage the link names.
    LibraryProjects,
    /// Their total investment.
    LibraryInvestment,
}

/// What a metric is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricKind {
    /// Yuan.
    Money,
    /// Projects, returns or matters.
    Count,
    /// A share in percent.
    Rate,
}

const RATES: [&str; 8] = [
    "completion_rate",
    "started_rate",
    "started_due_rate",
    "at_work_rate",
    "completed_rate",
    "funds_rate",
    "matters_rate",
    "matters_through_rate",
];

impl Metric {
    /// Lists all, in the order of a choice.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let totals = Measure::ALL.iter().map(|one| Self::Total(*one));
        let rates = RATES.into_iter().map(Self::Rate);
        totals
            .chain(rates)
            .chain([Self::LibraryProjects, Self::LibraryInvestment])
            .collect()
    }

    /// Returns the stable word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Total(measure) => measure.word(),
            Self::Rate(word) => word,
            Self::LibraryProjects => "library_projects",
            Self::LibraryInvestment => "library_investment",
        }
    }

    /// Reads the stable word; `None` when there is no such metric, or no longer.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::all().into_iter().find(|one| one.word() == word)
    }

    /// Returns what it is counted in.
    #[must_use]
    pub fn kind(self) -> MetricKind {
        match self {
            Self::Total(measure) if measure.is_money() => MetricKind::Money,
            Self::LibraryInvestment => MetricKind::Money,
            Self::Total(_) | Self::LibraryProjects => MetricKind::Count,
            Self::Rate(_) => MetricKind::Rate,
        }
    }

    /// Says whether an indicator counted in this unit can be linked to it.
    #[must_use]
    pub fn fits(self, unit: &UnitOfMeasure) -> bool {
        match self.kind() {
            MetricKind::Money => unit.is_money(),
            MetricKind::Rate => matches!(unit.0.as_str(), "%" | "％"),
            MetricKind::Count => !unit.is_money() && !unit.is_share() && !unit.is_empty(),
        }
    }

    /// Says whether it is of the library: as it stands, without months.
    #[must_use]
    pub fn is_of_library(self) -> bool {
        matches!(self, Self::LibraryProjects | Self::LibraryInvestment)
    }

    /// Says how it goes on from month to month.
    #[must_use]
    pub fn growth(self) -> Growth {
        use Measure as M;
        let yearly = match self {
            Self::LibraryProjects | Self::LibraryInvestment => return Growth::Stock,
            Self::Total(measure) => matches!(
                measure,
                M::PlanToDate | M::YearToDate | M::FundsToDate | M::Started | M::Completed
            ),
            Self::Rate(word) => {
                matches!(
                    word,
                    "completion_rate" | "started_rate" | "completed_rate" | "funds_rate"
                )
            }
        };
        if yearly {
            Growth::Yearly
        } else {
            Growth::Level
        }
    }

    /// Reads it from the measures of a period; `None` for a rate over nothing, for an amount out
    /// of range, and for what is of the library.
    #[must_use]
    pub fn of(self, measures: &Measures, period: Period) -> Option<Quantity> {
        match self {
            Self::Total(measure) => self.amount(measures.get(measure)),
            Self::Rate(word) => {
                let rates = Rates::of(measures, period);
                let ratio = match word {
                    "completion_rate" => rates.completion(),
                    "started_rate" => rates.started_of_year(),
                    "started_due_rate" => rates.started_of_due(),
                    "at_work_rate" => rates.at_work(),
                    "completed_rate" => rates.completed(),
                    "funds_rate" => rates.funds(),
                    "matters_rate" => rates.matters_done(),
                    _ => rates.matters_through(),
                };
                // Percent with four decimals.
                ratio.scaled(1_000_000).map(Quantity)
            }
            Self::LibraryProjects | Self::LibraryInvestment => None,
        }
    }

    /// Turns yuan or a count into grains.
    #[must_use]
    pub fn amount(self, number: i64) -> Option<Quantity> {
        match self.kind() {
            MetricKind::Money => Some(Quantity(number)),
            MetricKind::Count | MetricKind::Rate => number.checked_mul(10_000).map(Quantity),
        }
    }
}
