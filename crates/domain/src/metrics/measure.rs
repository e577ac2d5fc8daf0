//! Numbers that add up across projects, units and departments.

use std::ops::{Add, AddAssign, Neg, Sub};

use crate::words::words;

words! {
    /// An additive measure. Money is in yuan; everything else counts projects, returns or matters.
    Measure {
        /// Projects on the list (项目数).
        Projects = "projects",
        /// Total investment (总投资).
        TotalInvestment = "total_investment",
        /// Annual plan (年度计划投资).
        AnnualPlan = "annual_plan",
        /// Plan from January to the period (累计计划).
        PlanToDate = "plan_to_date",
        /// Investment in the month (本月完成投资).
        MonthInvestment = "month_investment",
        /// Investment from January to the period (本年累计完成投资).
        YearToDate = "year_to_date",
        /// Investment since the start of building (开工以来累计完成投资).
        SinceStart = "since_start",
        /// Money in place from January to the period (本年累计到位资金).
        FundsToDate = "funds_to_date",
        /// Projects that are to start this year (计划新开工).
        NewStarts = "new_starts",
        /// Of these, started (已开工).
        Started = "started",
        /// Of these, due to have started by the period (应开工).
        DueToStart = "due_to_start",
        /// Of these, started before they were due (提前开工).
        StartedEarly = "started_early",
        /// Of these, due and not started (逾期未开工).
        StartOverdue = "start_overdue",
        /// Projects carried on from earlier years, those to be completed included (续建).
        Continuing = "continuing",
        /// Of these, at work again this year (已复工).
        AtWork = "at_work",
        /// Projects to be completed this year (计划竣工).
        Completions = "completions",
        /// Projects completed this year (已竣工).
        Completed = "completed",
        /// Returns handed in for the period (已报).
        Reported = "reported",
        /// Returns that passed every level (已审定).
        Accepted = "accepted",
        /// Approval matters before the start (全部手续).
        Matters = "matters",
        /// Of these, granted or not needed (无需办理与已办结).
        MattersDone = "matters_done",
        /// New starts with every matter before the start through (手续全部办结的新建项目).
        MattersThrough = "matters_through",
    }
}

impl Measure {
    /// Says whether it is money, in yuan; else it counts projects.
    #[must_use]
    pub fn is_money(self) -> bool {
        matches!(
            self,
            Self::TotalInvestment
                | Self::AnnualPlan
                | Self::PlanToDate
                | Self::MonthInvestment
                | Self::YearToDate
                | Self::SinceStart
                | Self::FundsToDate
        )
    }
}

const COUNT: usize = Measure::ALL.len();

/// One number per measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measures([i64; COUNT]);

impl Measures {
    /// Returns the number of one measure.
    #[must_use]
    pub fn get(&self, measure: Measure) -> i64 {
        self.0[measure as usize]
    }

    /// Sets the number of one measure.
    pub fn set(&mut self, measure: Measure, number: i64) {
        self.0[measure as usize] = number;
    }

    /// Returns the numbers in the order of [`Measure::ALL`].
    #[must_use]
    pub fn numbers(&self) -> &[i64; COUNT] {
        &self.0
    }

    /// Reads numbers in the order of [`Measure::ALL`]; missing ones are zero.
    pub fn from_numbers(numbers: impl IntoIterator<Item = i64>) -> Self {
        let mut measures = Self::default();
        for (slot, number) in measures.0.iter_mut().zip(numbers) {
            *slot = number;
        }
        measures
    }

    /// Says whether every number is zero.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.0.iter().all(|n| *n == 0)
    }
}

impl Default for Measures {
    fn default() -> Self {
        Self([0; COUNT])
    }
}

impl Add for Measures {
    type Output = Self;
    fn add(mut self, other: Self) -> Self {
        self += other;
        self
    }
}

impl AddAssign for Measures {
    fn add_assign(&mut self, other: Self) {
        for (a, b) in self.0.iter_mut().zip(other.0) {
            *a = a.saturating_add(b);
        }
    }
}

impl Neg for Measures {
    type Output = Self;
    fn neg(mut self) -> Self {
        for n in &mut self.0 {
            *n = n.saturating_neg();
        }
        self
    }
}

impl Sub for Measures {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}
