//! Which cases ended after their deadline.
//!
//! What a reader would get wrong: a case that has not ended is not on time, it is open. It counts
//! in `open` and in no share; a closed case without a deadline counts as closed only. A case that
//! ends at the very instant of its deadline is in time.

use crate::statistics::{Share, Summary};

/// When a case ended and when it should have, in milliseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Case {
    /// When it ended; none while it is open.
    pub ended_at: Option<i64>,
    /// When it should end at the latest; none without a deadline.
    pub due_at: Option<i64>,
}

/// How cases stand to their deadlines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadlines {
    /// Cases that have not ended.
    pub open: usize,
    /// Cases that have ended.
    pub closed: usize,
    /// Of the closed cases with a deadline, those that kept it.
    pub on_time: Share,
    /// By how many milliseconds the late ones passed their deadline.
    pub lateness: Option<Summary>,
    /// How many milliseconds the others had left.
    pub margin: Option<Summary>,
}

impl Deadlines {
    /// Closed cases that ended after their deadline.
    #[must_use]
    pub fn late(&self) -> usize {
        self.on_time.whole - self.on_time.part
    }
}

/// Compares every case with its deadline.
pub fn check(cases: impl IntoIterator<Item = Case>) -> Deadlines {
    let (mut open, mut closed, mut on_time) = (0, 0, Share::default());
    let (mut late, mut left) = (Vec::new(), Vec::new());
    for case in cases {
        let Some(ended_at) = case.ended_at else {
            open += 1;
            continue;
        };
        closed += 1;
        let Some(due_at) = case.due_at else {
            continue;
        };
        on_time.count(ended_at <= due_at);
        if ended_at > due_at {
            late.push(ended_at.saturating_sub(due_at));
        } else {
            left.push(due_at.saturating_sub(ended_at));
        }
    }
    Deadlines {
        open,
        closed,
        on_time,
        lateness: Summary::of(&mut late),
        margin: Summary::of(&mut left),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_instant_of_the_deadline_is_in_time_and_open_cases_are_in_no_share() {
        let case = |ended_at, due_at| Case { ended_at, due_at };
        let found = check([
            case(Some(10), Some(10)),
            case(Some(11), Some(10)),
            case(Some(30), Some(10)),
            case(Some(5), None),
            case(None, Some(1)),
        ]);
        assert_eq!((found.open, found.closed, found.late()), (1, 4, 2));
        assert_eq!(found.on_time, Share { part: 1, whole: 3 });
        let lateness = found.lateness.unwrap();
        assert_eq!((lateness.median, lateness.most), (10, 20));
        assert_eq!(found.margin.unwrap().most, 0);
    }
}
