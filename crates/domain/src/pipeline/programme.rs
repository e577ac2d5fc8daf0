//! A year's list of projects (年度计划清单) and how it changes.

use jiff::civil::Date;

use super::Tally;
use crate::library::ProjectId;
use crate::money::div_round;
use crate::words::words;
use crate::{Period, Yuan};

words! {
    /// What the year expects of a project (年度建设状态; 海南 重点项目申报条件和标准).
    Category {
        /// It starts this year (新开工).
        NewStart = "new_start",
        /// It started before and will not be finished this year (续建).
        Continuing = "continuing",
        /// It is being prepared (前期、预备).
        Preparation = "preparation",
        /// It started before and will be finished this year (竣工).
        Completion = "completion",
    }
}

words! {
    /// Why a programme changed; one line of a bridge each.
    ProgrammeChangeKind {
        /// The list was adopted with this project (年初下达).
        Adopted = "adopted",
        /// Taken in later (新增).
        Added = "added",
        /// Let go (调出).
        Removed = "removed",
        /// The annual plan was changed (调整计划).
        PlanAdjusted = "plan_adjusted",
        /// The total investment changed while on the list (调整总投资).
        TotalAdjusted = "total_adjusted",
        /// The category changed; no money moves (调整类别).
        CategoryChanged = "category_changed",
        /// It came in place of projects that were merged, or went into one (合并).
        Merged = "merged",
        /// It came out of a project that was split, or was split (拆分).
        Split = "split",
    }
}

/// A dated, explained change of a programme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgrammeChange {
    /// The project it concerns.
    pub project: ProjectId,
    /// The day from which it counts.
    pub on: Date,
    /// Why.
    pub kind: ProgrammeChangeKind,
    /// What it adds to the list, or takes away.
    pub delta: Tally,
    /// The category the project has from then on; not known of the oldest changes.
    pub category: Option<Category>,
    /// The reason in words.
    pub reason: String,
    /// The document that says so (文号); may be empty.
    pub document_no: String,
}

/// Returns the plan for January up to and including `period` (累计计划).
///
/// `months` is the project's own monthly plan, twelve amounts; without one the annual plan is
/// spread evenly, as the published time progress does (`domain.md` §3.8), rounded to a yuan.
#[must_use]
pub fn monthly_share(annual: Yuan, months: Option<&[Yuan; 12]>, period: Period) -> Yuan {
    let n = usize::try_from(period.month()).unwrap_or(12);
    match months {
        Some(months) => months.iter().take(n).copied().sum(),
        None => Yuan(
            div_round(i128::from(annual.0) * i128::from(period.month()), 12).unwrap_or(annual.0),
        ),
    }
}
