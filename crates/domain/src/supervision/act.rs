//! What is done with an item in a round, and what may be done now.

use jiff::civil::Date;

use super::{Course, Proposal, Round, Rules, State};
use crate::organisation::UserId;
use crate::words::words;

words! {
    /// The kind of an act (督查动作).
    ActKind {
        /// Reported where it stands (报送).
        Report = "report",
        /// Looked whether that is so (核查).
        Verify = "verify",
        /// Went there unannounced (抽查).
        SpotCheck = "spot_check",
    }
}

/// An act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// An office says where an item stands.
    Report {
        /// Where it stands.
        state: State,
        /// What the figures proposed at that moment; `None` where they say nothing.
        proposed: Option<Proposal>,
        /// What was reached, as printed with its unit; empty where nothing is measured.
        value: String,
        /// What should have been reached, as printed with its unit; empty where nobody says.
        expected: String,
        /// What was done.
        text: String,
        /// Why it is not what the figures propose.
        reason: String,
    },
    /// A supervisor accepts what was reported, or says what is the case.
    Verify {
        /// Where it stands.
        state: State,
        /// What was looked at.
        note: String,
        /// Why it is not what was reported.
        reason: String,
    },
    /// A supervisor looked on the spot.
    SpotCheck {
        /// Whether all was as reported.
        sound: bool,
        /// What was found.
        findings: String,
    },
}

impl Act {
    /// Returns its kind.
    #[must_use]
    pub fn kind(&self) -> ActKind {
        match self {
            Self::Report { .. } => ActKind::Report,
            Self::Verify { .. } => ActKind::Verify,
            Self::SpotCheck { .. } => ActKind::SpotCheck,
        }
    }

    /// Returns the state it says, if it says one.
    #[must_use]
    pub fn state(&self) -> Option<State> {
        match self {
            Self::Report { state, .. } | Self::Verify { state, .. } => Some(*state),
            Self::SpotCheck { .. } => None,
        }
    }
}

/// An act as it was added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Counts the acts on the item in the round from 1.
    pub seq: i64,
    /// The day it counts from.
    pub on: Date,
    /// When it was written, in milliseconds since 1970.
    pub at: i64,
    /// Who.
    pub user: UserId,
    /// What.
    pub act: Act,
}

/// Who does something in which round, on a day.
#[derive(Clone, Copy, Debug)]
pub struct Doing {
    /// Who.
    pub by: UserId,
    /// In which round.
    pub round: Round,
    /// Whether its bulletin is out.
    pub closed: bool,
    /// The day.
    pub today: Date,
}

/// Why an act may not be done (不能督查的原因).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The round takes no reports yet: the first day it does.
    NotOpen(Date),
    /// The bulletin of the round is out.
    Closed,
    /// Nobody has reported yet.
    NotReported,
    /// A supervisor has looked already; only they can change it.
    Verified,
    /// Whoever reported does not verify.
    OwnReport,
    /// Something is not said: the field's word.
    Missing(&'static str),
}

impl Rules {
    /// Judges an act on what was done before.
    ///
    /// # Errors
    /// Why it may not be done.
    pub fn judge(&self, course: &Course, act: &Act, doing: Doing) -> Result<(), Refused> {
        if doing.closed {
            return Err(Refused::Closed);
        }
        if doing.today < doing.round.opens_on {
            return Err(Refused::NotOpen(doing.round.opens_on));
        }
        let missing = |text: &str, field| match text.trim().is_empty() {
            true => Err(Refused::Missing(field)),
            false => Ok(()),
        };
        match act {
            Act::Report {
                state,
                proposed,
                text,
                reason,
                ..
            } => {
                if course.verdict().is_some() {
                    return Err(Refused::Verified);
                }
                missing(text, "text")?;
                match proposed {
                    Some(proposed) if proposed.state != *state => missing(reason, "reason"),
                    _ => Ok(()),
                }
            }
            Act::Verify { state, reason, .. } => {
                let (report, said) = course.report().ok_or(Refused::NotReported)?;
                if report.user == doing.by {
                    return Err(Refused::OwnReport);
                }
                match said == *state {
                    true => Ok(()),
                    false => missing(reason, "reason"),
                }
            }
            Act::SpotCheck { findings, .. } => {
                if course.report().is_some_and(|(one, _)| one.user == doing.by) {
                    return Err(Refused::OwnReport);
                }
                missing(findings, "findings")
            }
        }
    }
}
