//! What was agreed at a visit or a meeting: who does what until when, and whether it was kept.
//!
//! What a reader would get wrong: a resolution that is bound to a problem or to a matter is kept
//! when that is through, which is computed and never typed. Only one that stands by itself is
//! reported by the office and confirmed by somebody else.

use jiff::civil::Date;

use crate::organisation::UserId;
use crate::problems;
use crate::words::words;

words! {
    /// Where a resolution stands (落实情况).
    Kept {
        /// To be done (待落实).
        Open = "open",
        /// Reported as done; somebody else has to look (待确认).
        Reported = "reported",
        /// Done (已落实).
        Done = "done",
        /// No longer asked for (已撤销).
        Dropped = "dropped",
    }
}

impl Kept {
    /// Says whether it still has to be done.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::Reported)
    }
}

words! {
    /// What can be done with a resolution (落实动作).
    KeepAct {
        /// The office says it is done (报落实).
        Report = "report",
        /// Somebody else found it so (确认落实).
        Confirm = "confirm",
        /// It is not done (退回落实).
        SendBack = "send_back",
        /// It is no longer asked for (撤销).
        Drop = "drop",
    }
}

/// What a resolution became (转化).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bond {
    /// It stands by itself.
    Free,
    /// A problem: its number.
    Problem(i64),
    /// A matter of the project's approval case, to be decided: its code.
    Matter(String),
}

/// Why a step may not be taken with a resolution (不能落实的原因).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeepRefused {
    /// Not what is to be done now.
    NotNow {
        /// What was asked.
        act: KeepAct,
        /// Where it stands.
        stands: Kept,
    },
    /// It is kept when its problem or matter is through.
    Bound,
    /// Whoever reported it may not confirm it.
    OwnReport,
}

impl KeepRefused {
    /// All codes there are.
    pub const CODES: [&'static str; 3] = [
        "resolutions.refused.not_now",
        "resolutions.refused.bound",
        "resolutions.refused.own_report",
    ];

    /// Returns the word under which its text stands.
    #[must_use]
    pub const fn code(self) -> &'static str {
        let at = match self {
            Self::NotNow { .. } => 0,
            Self::Bound => 1,
            Self::OwnReport => 2,
        };
        Self::CODES[at]
    }

    /// Returns the values of its text.
    #[must_use]
    pub fn params(self) -> Vec<String> {
        match self {
            Self::NotNow { act, stands } => {
                vec![act.word().to_owned(), stands.word().to_owned()]
            }
            _ => Vec::new(),
        }
    }
}

/// Lists what may be done next, whoever may do it.
#[must_use]
pub fn keep_offers(stands: Kept, bond: &Bond) -> &'static [KeepAct] {
    use KeepAct as K;
    match (stands, bond) {
        (Kept::Open, Bond::Free) => &[K::Report, K::Drop],
        (Kept::Reported, Bond::Free) => &[K::Confirm, K::SendBack],
        (Kept::Open, _) => &[K::Drop],
        _ => &[],
    }
}

/// Judges a step and returns where the resolution stands after it.
///
/// # Errors
/// When it is not what is to be done, or a person would confirm their own report.
pub fn keep(
    stands: Kept,
    bond: &Bond,
    act: KeepAct,
    by: UserId,
    reported_by: Option<UserId>,
) -> Result<Kept, KeepRefused> {
    if *bond != Bond::Free && act != KeepAct::Drop {
        return Err(KeepRefused::Bound);
    }
    if !keep_offers(stands, bond).contains(&act) {
        return Err(KeepRefused::NotNow { act, stands });
    }
    if act == KeepAct::Confirm && reported_by == Some(by) {
        return Err(KeepRefused::OwnReport);
    }
    Ok(match act {
        KeepAct::Report => Kept::Reported,
        KeepAct::Confirm => Kept::Done,
        KeepAct::SendBack => Kept::Open,
        KeepAct::Drop => Kept::Dropped,
    })
}

/// Says where a resolution stands whose problem is in this phase.
#[must_use]
pub const fn kept_by_problem(phase: problems::Phase) -> Kept {
    match phase {
        problems::Phase::StruckOff => Kept::Done,
        problems::Phase::Declined | problems::Phase::Closed => Kept::Dropped,
        problems::Phase::Answered | problems::Phase::Verified => Kept::Reported,
        _ => Kept::Open,
    }
}

/// Says whether a resolution is unkept on a day: still to be done though its day has passed.
#[must_use]
pub fn is_unkept(stands: Kept, due: Date, day: Date) -> bool {
    stands.is_open() && due < day
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_free_resolution_is_reported_and_confirmed_by_somebody_else() {
        let (office, other) = (UserId(1), UserId(2));
        let free = Bond::Free;
        let step = |stands, act, by, reported| keep(stands, &free, act, by, reported);
        use KeepAct as K;
        assert_eq!(
            step(Kept::Open, K::Report, office, None),
            Ok(Kept::Reported)
        );
        let own = step(Kept::Reported, K::Confirm, office, Some(office));
        assert_eq!(own, Err(KeepRefused::OwnReport));
        let done = step(Kept::Reported, K::Confirm, other, Some(office));
        assert_eq!(done, Ok(Kept::Done));
        let back = step(Kept::Reported, K::SendBack, office, Some(office));
        assert_eq!(back, Ok(Kept::Open));
        let early = KeepRefused::NotNow {
            act: K::Confirm,
            stands: Kept::Open,
        };
        assert_eq!(step(Kept::Open, K::Confirm, other, None), Err(early));
        assert!(step(Kept::Done, K::Drop, other, None).is_err());
    }

    #[test]
    fn a_bound_resolution_is_kept_by_what_it_is_bound_to_alone() {
        let bound = Bond::Problem(7);
        let told = keep(Kept::Open, &bound, KeepAct::Report, UserId(1), None);
        assert_eq!(told, Err(KeepRefused::Bound));
        let dropped = keep(Kept::Open, &bound, KeepAct::Drop, UserId(1), None);
        assert_eq!(dropped, Ok(Kept::Dropped));
        for phase in problems::Phase::ALL {
            let open = kept_by_problem(*phase).is_open();
            assert_eq!(open, phase.is_open(), "{phase:?}");
        }
    }

    #[test]
    fn a_resolution_is_unkept_from_the_day_after_it_was_due() {
        let due = jiff::civil::date(2025, 3, 31);
        let next = jiff::civil::date(2025, 4, 1);
        assert!(!is_unkept(Kept::Open, due, due));
        assert!(is_unkept(Kept::Open, due, next));
        assert!(is_unkept(Kept::Reported, due, next));
        assert!(!is_unkept(Kept::Done, due, next));
    }
}
