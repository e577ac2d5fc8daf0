//! The bridge between two dates of a programme: why 3,336 became 3,352 became 3,343.
//!
//! Opening, lines and closing are all sums of the same dated changes, so they cannot fail to add
//! up; that the changes agree with the list as it stands is what `gangmu doctor` proves.

use std::ops::{Add, AddAssign, Neg};

use jiff::civil::Date;

use super::{ProgrammeChange, ProgrammeChangeKind};
use crate::Yuan;

/// How many projects, with how much total investment and annual plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Projects (个数).
    pub projects: i64,
    /// Total investment (总投资).
    pub total: Yuan,
    /// Annual plan (年度计划投资).
    pub plan: Yuan,
}

/// From an opening tally to a closing one, line by line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bridge {
    /// The tally at the end of the first day.
    pub opening: Tally,
    /// One line per kind of change, in the order of the table, kinds without changes left out.
    pub lines: Vec<BridgeLine>,
    /// The tally at the end of the last day.
    pub closing: Tally,
}

/// All changes of one kind between the dates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BridgeLine {
    /// The kind.
    pub kind: ProgrammeChangeKind,
    /// What they come to.
    pub delta: Tally,
    /// The changes themselves, by date.
    pub changes: Vec<ProgrammeChange>,
}

impl Bridge {
    /// Builds the bridge from the end of day `from` to the end of day `to`.
    ///
    /// A bridge leads forward: dates given the wrong way round are exchanged.
    #[must_use]
    pub fn between(changes: &[ProgrammeChange], from: Date, to: Date) -> Self {
        let (from, to) = (from.min(to), from.max(to));
        let sum = |wanted: &dyn Fn(&ProgrammeChange) -> bool| {
            changes
                .iter()
                .filter(|c| wanted(c))
                .fold(Tally::default(), |sum, c| sum + c.delta)
        };
        let lines = ProgrammeChangeKind::ALL
            .iter()
            .map(|kind| line(changes, *kind, from, to))
            .filter(|line| !line.changes.is_empty())
            .collect();
        Self {
            opening: sum(&|c| c.on <= from),
            lines,
            closing: sum(&|c| c.on <= to),
        }
    }

    /// Says whether opening plus lines is closing. It always is; tests and `doctor` ask.
    #[must_use]
    pub fn adds_up(&self) -> bool {
        let reached = self
            .lines
            .iter()
            .fold(self.opening, |sum, line| sum + line.delta);
        reached == self.closing
    }
}

fn line(
    changes: &[ProgrammeChange],
    kind: ProgrammeChangeKind,
    from: Date,
    to: Date,
) -> BridgeLine {
    let mut changes: Vec<ProgrammeChange> = changes
        .iter()
        .filter(|c| c.kind == kind && c.on > from && c.on <= to)
        .cloned()
        .collect();
    changes.sort_by_key(|c| (c.on, c.project));
    BridgeLine {
        kind,
        delta: changes
            .iter()
            .fold(Tally::default(), |sum, c| sum + c.delta),
        changes,
    }
}

impl Add for Tally {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            projects: self.projects + other.projects,
            total: self.total + other.total,
            plan: self.plan + other.plan,
        }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Neg for Tally {
    type Output = Self;
    fn neg(self) -> Self {
        Self {
            projects: -self.projects,
            total: -self.total,
            plan: -self.plan,
        }
    }
}
