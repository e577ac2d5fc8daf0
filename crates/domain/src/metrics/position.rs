//! Where a project stands at the end of a period: everything that is derived, never typed.

use std::ops::Add;

use super::{Coordinates, Measure, Measures};
use crate::pipeline::Category;
use crate::{Period, Yuan};

/// What the year's list says of a project at the period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryFacts {
    /// Where it counts.
    pub coordinates: Coordinates,
    /// Total investment.
    pub total: Yuan,
    /// Annual plan.
    pub plan: Yuan,
    /// Plan from January to the period.
    pub plan_to_date: Yuan,
    /// The month it should start; `None` counts as due in December.
    pub start_due: Option<Period>,
    /// Invested before the first month reported here.
    pub invested_before: Yuan,
    /// What the project took over this year by a split or a merger.
    pub carried: Carried,
    /// How far its approval matters are; all zero while it has no case.
    pub matters: MatterCounts,
}

/// How far a project's approval matters before the start are (手续办理进度).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MatterCounts {
    /// All of its case, those that are not needed included.
    pub all: i64,
    /// Of these, granted or not needed.
    pub done: i64,
}

impl MatterCounts {
    /// Says whether there is a case and nothing in it is left to decide.
    #[must_use]
    pub const fn is_through(self) -> bool {
        self.all > 0 && self.done == self.all
    }
}

/// Figures taken over from projects that were split or merged into this one, so that totals to
/// date do not fall when the list is rearranged. Counted once in the year of the change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Carried {
    /// Investment from January.
    pub year_to_date: Yuan,
    /// Investment since the start of building.
    pub since_start: Yuan,
    /// Money in place from January.
    pub funds_to_date: Yuan,
}

impl Carried {
    /// Returns what a later year carries of it: what was invested, nothing from its January.
    #[must_use]
    pub fn before_this_year(self) -> Self {
        Self {
            since_start: self.since_start,
            ..Self::default()
        }
    }
}

impl Add for Carried {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            year_to_date: self.year_to_date + other.year_to_date,
            since_start: self.since_start + other.since_start,
            funds_to_date: self.funds_to_date + other.funds_to_date,
        }
    }
}

/// What one month's return says, as far as it counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MonthFacts {
    /// Investment in the month; zero while nothing counts.
    pub investment: Yuan,
    /// Money that came in during the month.
    pub funds: Yuan,
    /// It started, or was at work, in this month or earlier this year.
    pub at_work: bool,
    /// It was completed in this month or earlier this year.
    pub completed: bool,
    /// The return was handed in.
    pub reported: bool,
    /// The return passed every level.
    pub accepted: bool,
}

/// A project at the end of a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// The list's view of it.
    pub entry: EntryFacts,
    /// The month itself.
    pub month: MonthFacts,
    /// Investment from January to the period.
    pub year_to_date: Yuan,
    /// Investment since the start of building.
    pub since_start: Yuan,
    /// Money in place from January to the period.
    pub funds_to_date: Yuan,
}

impl Position {
    /// Derives the position from the one before, if there is one, and this month.
    ///
    /// Year-to-date figures restart in January; what has begun this year stays begun. What was
    /// carried over counts once, from the month it appears in.
    #[must_use]
    pub fn after(
        previous: Option<(Period, &Self)>,
        entry: EntryFacts,
        mut month: MonthFacts,
        period: Period,
    ) -> Self {
        let same_year = previous
            .filter(|(before, _)| before.year() == period.year())
            .map(|(_, p)| p);
        month.at_work |= same_year.is_some_and(|p| p.month.at_work);
        month.completed |= same_year.is_some_and(|p| p.month.completed);
        let counted = same_year.map_or_else(Carried::default, |p| p.entry.carried);
        let carried = entry.carried;
        let since_before = previous.map_or(entry.invested_before, |(_, p)| p.since_start);
        let year_before = same_year.map_or(Yuan::ZERO, |p| p.year_to_date);
        let funds_before = same_year.map_or(Yuan::ZERO, |p| p.funds_to_date);
        Self {
            year_to_date: year_before - counted.year_to_date
                + carried.year_to_date
                + month.investment,
            since_start: since_before - counted.since_start
                + carried.since_start
                + month.investment,
            funds_to_date: funds_before - counted.funds_to_date
                + carried.funds_to_date
                + month.funds,
            entry,
            month,
        }
    }

    /// Returns the additive measures of the position.
    #[must_use]
    pub fn measures(&self, period: Period) -> Measures {
        use Measure as M;
        let category = self.entry.coordinates.category;
        let new_start = category == Category::NewStart;
        let continuing = matches!(category, Category::Continuing | Category::Completion);
        let due = new_start && self.entry.start_due.unwrap_or(period.december()) <= period;
        let started = new_start && self.month.at_work;
        let count = i64::from;
        let mut m = Measures::default();
        m.set(M::Projects, 1);
        m.set(M::TotalInvestment, self.entry.total.0);
        m.set(M::AnnualPlan, self.entry.plan.0);
        m.set(M::PlanToDate, self.entry.plan_to_date.0);
        m.set(M::MonthInvestment, self.month.investment.0);
        m.set(M::YearToDate, self.year_to_date.0);
        m.set(M::SinceStart, self.since_start.0);
        m.set(M::FundsToDate, self.funds_to_date.0);
        m.set(M::NewStarts, count(new_start));
        m.set(M::Started, count(started));
        m.set(M::DueToStart, count(due));
        m.set(M::StartedEarly, count(started && !due));
        m.set(M::StartOverdue, count(due && !started));
        m.set(M::Continuing, count(continuing));
        m.set(M::AtWork, count(continuing && self.month.at_work));
        m.set(M::Completions, count(category == Category::Completion));
        m.set(M::Completed, count(self.month.completed));
        m.set(M::Reported, count(self.month.reported));
        m.set(M::Accepted, count(self.month.accepted));
        let matters = self.entry.matters;
        m.set(M::Matters, matters.all);
        m.set(M::MattersDone, matters.done);
        m.set(M::MattersThrough, count(new_start && matters.is_through()));
        m
    }
}
