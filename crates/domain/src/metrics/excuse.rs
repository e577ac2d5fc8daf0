//! Proper reasons for being late (正当理由): who is late for one is not lit red or yellow where the
//! rules of the month say so.
//!
//! An excuse is never erased. Taking it back ends it from that moment on; what had been published
//! under it stays as it was.

use crate::Period;
use crate::organisation::UserId;
use crate::words::words;

words! {
    /// Why a project may be late.
    ExcuseKind {
        /// Nature or events nobody could avert (不可抗力).
        ForceMajeure = "force_majeure",
        /// The season does not allow the works (季节性停工).
        Season = "season",
        /// Policy or plans of the state were changed (政策或规划调整).
        PolicyChange = "policy_change",
        /// A decision of an authority above is waited for (上级审批未批复).
        AuthorityAbove = "authority_above",
        /// Another reason, said in words (其他正当理由).
        Other = "other",
    }
}

/// The most months one excuse counts for; whoever needs more says it again.
pub const LONGEST_EXCUSE: usize = 12;

/// An excuse as somebody asks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExcuseSaid {
    /// Which kind.
    pub kind: ExcuseKind,
    /// The reason in words.
    pub reason: String,
    /// The number of the document that proves it; empty without one.
    pub document_no: String,
    /// The first month it counts in.
    pub from: Period,
    /// The last month it counts in.
    pub to: Period,
}

/// An excuse on record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excuse {
    /// Its number within the project, from 1.
    pub seq: i64,
    /// What was said.
    pub said: ExcuseSaid,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// By whom.
    pub user: UserId,
    /// When it was taken back, by whom and why.
    pub taken_back: Option<TakenBack>,
}

/// The end of an excuse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenBack {
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// By whom.
    pub user: UserId,
    /// Why.
    pub reason: String,
}

/// What an excuse cannot be recorded with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExcuseProblem {
    /// There are no words.
    NoReason,
    /// It ends before it begins.
    Reversed,
    /// It counts for more than [`LONGEST_EXCUSE`] months.
    TooLong,
    /// One that stands counts in one of its months already.
    Overlaps,
}

impl ExcuseSaid {
    /// Says whether it counts in a month.
    #[must_use]
    pub fn covers(&self, period: Period) -> bool {
        self.from <= period && period <= self.to
    }

    /// Lists what keeps it from being recorded beside those on record.
    #[must_use]
    pub fn problems(&self, known: &[Excuse]) -> Vec<ExcuseProblem> {
        let mut problems = Vec::new();
        if self.reason.trim().is_empty() {
            problems.push(ExcuseProblem::NoReason);
        }
        if self.to < self.from {
            problems.push(ExcuseProblem::Reversed);
            return problems;
        }
        let months = |p: Period| i64::from(p.year()) * 12 + i64::from(p.month());
        let span = months(self.to) - months(self.from) + 1;
        if usize::try_from(span).is_ok_and(|span| span > LONGEST_EXCUSE) {
            problems.push(ExcuseProblem::TooLong);
        }
        let meets = |one: &&Excuse| one.said.from <= self.to && self.from <= one.said.to;
        if known.iter().filter(meets).any(|one| one.stands(None)) {
            problems.push(ExcuseProblem::Overlaps);
        }
        problems
    }
}

impl Excuse {
    /// Says whether it stood at a moment, in milliseconds since 1970; now without one.
    #[must_use]
    pub fn stands(&self, at: Option<i64>) -> bool {
        match (at, &self.taken_back) {
            (None, taken_back) => taken_back.is_none(),
            (Some(at), None) => self.at <= at,
            (Some(at), Some(end)) => self.at <= at && at < end.at,
        }
    }

    /// Says whether it counted in a month at a moment; now without one.
    #[must_use]
    pub fn counts(&self, period: Period, at: Option<i64>) -> bool {
        self.said.covers(period) && self.stands(at)
    }
}

#[cfg(test)]
mod tests {
    use super::{Excuse, ExcuseKind, ExcuseProblem, ExcuseSaid, TakenBack};
    use crate::organisation::UserId;

    fn said(from: &str, to: &str) -> ExcuseSaid {
        ExcuseSaid {
            kind: ExcuseKind::ForceMajeure,
            reason: "汛期停工".to_owned(),
            document_no: String::new(),
            from: from.parse().expect("a month"),
            to: to.parse().expect("a month"),
        }
    }

    fn excuse(taken_back: Option<i64>) -> Excuse {
        Excuse {
            seq: 1,
            said: said("2025-07", "2025-09"),
            at: 100,
            user: UserId(1),
            taken_back: taken_back.map(|at| TakenBack {
                at,
                user: UserId(2),
                reason: "查无此事".to_owned(),
            }),
        }
    }

    #[test]
    fn an_excuse_counts_in_its_months_from_when_it_was_recorded_until_it_was_taken_back() {
        let august = "2025-08".parse().expect("a month");
        let october = "2025-10".parse().expect("a month");
        let standing = excuse(None);
        assert!(standing.counts(august, None));
        assert!(!standing.counts(october, None));
        assert!(!standing.counts(august, Some(99)));
        assert!(standing.counts(august, Some(100)));
        let ended = excuse(Some(200));
        assert!(!ended.counts(august, None));
        assert!(ended.counts(august, Some(199)));
        assert!(!ended.counts(august, Some(200)));
    }

    #[test]
    fn what_cannot_be_recorded_is_said_at_once() {
        use ExcuseProblem as P;
        let known = [excuse(None)];
        let rows = [
            (said("2025-10", "2025-12"), vec![]),
            (said("2025-09", "2025-10"), vec![P::Overlaps]),
            (said("2025-12", "2025-10"), vec![P::Reversed]),
            (said("2025-10", "2026-09"), vec![]),
            (said("2025-10", "2026-10"), vec![P::TooLong]),
            (
                ExcuseSaid {
                    reason: " ".to_owned(),
                    ..said("2024-09", "2025-10")
                },
                vec![P::NoReason, P::TooLong, P::Overlaps],
            ),
        ];
        for (one, wanted) in rows {
            assert_eq!(one.problems(&known), wanted, "{one:?}");
        }
        let ended = [excuse(Some(200))];
        assert_eq!(said("2025-09", "2025-10").problems(&ended), vec![]);
    }
}
