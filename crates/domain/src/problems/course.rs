//! What the steps of a problem come to.

use jiff::civil::Date;

use super::{Act, Event, Party, Seat};
use crate::organisation::{UnitPath, UserId};
use crate::words::words;

words! {
    /// Where a problem stands (问题状态).
    Phase {
        /// Raised; nobody has taken it in (待受理).
        Raised = "raised",
        /// Taken in and graded; nobody has it (待交办).
        Accepted = "accepted",
        /// Somebody has to solve it (办理中).
        HandedOver = "handed_over",
        /// Answered; somebody else has to look (待核验).
        Answered = "answered",
        /// Found to be solved (待销号).
        Verified = "verified",
        /// Waits for a policy from above (等待政策).
        Waiting = "waiting",
        /// Struck off (已销号).
        StruckOff = "struck_off",
        /// Not taken in (不予受理).
        Declined = "declined",
        /// Ended by itself: what it held up has left the pipeline (已终止).
        Closed = "closed",
    }
}

impl Phase {
    /// Says whether the problem still stands in the way.
    #[must_use]
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::StruckOff | Self::Declined | Self::Closed)
    }
}

/// What the steps of a problem come to (销号过程).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    /// Where it stands.
    pub phase: Phase,
    /// What kind of problem it is.
    pub kind: String,
    /// How grave it is; empty until it is accepted.
    pub grade: String,
    /// Who coordinates.
    pub seat: Seat,
    /// Who has to solve it.
    pub party: Option<Party>,
    /// Who helps.
    pub assisting: Vec<Party>,
    /// What was asked.
    pub demand: String,
    /// By when the next step is due.
    pub due: Option<Date>,
    /// The deadline whoever has it asked for, while nobody has said yes or no.
    pub asked: Option<Date>,
    /// How often the deadline was made longer on this level.
    pub extended: u32,
    /// How often it went up.
    pub escalated: u32,
    /// How often an answer was sent back.
    pub sent_back: u32,
    /// Who raised it.
    pub raised_by: UserId,
    /// The day it was raised.
    pub raised_on: Date,
    /// Who gave the answer that stands.
    pub answered_by: Option<UserId>,
    /// What it waits from, and since when, while it waits.
    pub waits: Option<Waits>,
    /// The day of the last step.
    pub last_on: Date,
    /// The day it was struck off or declined.
    pub ended_on: Option<Date>,
}

/// What a problem that waits goes back to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waits {
    /// Where it stood.
    pub phase: Phase,
    /// Since when it waits.
    pub since: Date,
    /// The deadline it had.
    pub due: Option<Date>,
}

impl Course {
    /// Folds the steps; `None` when there are none, or the first does not raise it.
    #[must_use]
    pub fn of(events: &[Event]) -> Option<Self> {
        let (first, rest) = events.split_first()?;
        let Act::Raise { kind, to } = &first.act else {
            return None;
        };
        let mut course = Self {
            phase: Phase::Raised,
            kind: kind.clone(),
            grade: String::new(),
            seat: to.clone()?,
            party: None,
            assisting: Vec::new(),
            demand: String::new(),
            due: first.due,
            asked: None,
            extended: 0,
            escalated: 0,
            sent_back: 0,
            raised_by: first.user,
            raised_on: first.on,
            answered_by: None,
            waits: None,
            last_on: first.on,
            ended_on: None,
        };
        for event in rest {
            course.take(event);
        }
        Some(course)
    }

    /// Folds the steps that count from this day or earlier.
    #[must_use]
    pub fn as_of(events: &[Event], day: Date) -> Option<Self> {
        let until = events.partition_point(|event| event.on <= day);
        Self::of(events.get(..until)?)
    }

    /// Says whether a person gave the answer that stands, and so may not pass it.
    #[must_use]
    pub fn is_own_answer(&self, user: UserId) -> bool {
        self.answered_by == Some(user)
    }

    /// Returns the unit that coordinates.
    #[must_use]
    pub fn coordinator(&self) -> &UnitPath {
        &self.seat.unit
    }

    fn take(&mut self, event: &Event) {
        match &event.act {
            Act::Raise { .. } | Act::Progress { .. } => {}
            Act::Accept { kind, grade } => {
                self.phase = Phase::Accepted;
                self.kind.clone_from(kind);
                self.grade.clone_from(grade);
            }
            Act::Decline { .. } => self.end(Phase::Declined, event.on),
            Act::HandOver {
                to,
                assisting,
                demand,
                ..
            } => {
                self.phase = Phase::HandedOver;
                self.party = Some(to.clone());
                self.assisting.clone_from(assisting);
                self.demand.clone_from(demand);
            }
            Act::Answer { .. } => {
                self.phase = Phase::Answered;
                self.answered_by = Some(event.user);
            }
            Act::SendBack { .. } => {
                self.phase = Phase::HandedOver;
                self.answered_by = None;
                self.sent_back += 1;
            }
            Act::Verify { .. } => self.phase = Phase::Verified,
            Act::StrikeOff { .. } => self.end(Phase::StruckOff, event.on),
            Act::Close { .. } => self.end(Phase::Closed, event.on),
            Act::AskExtension { due_on, .. } => self.asked = Some(*due_on),
            Act::Extend { .. } => self.extended += 1,
            Act::RefuseExtension { .. } => {}
            Act::Escalate { to, .. } => {
                if let Some(seat) = to {
                    self.seat = seat.clone();
                }
                self.escalated += 1;
                self.extended = 0;
            }
            Act::Wait { .. } => {
                self.waits = Some(Waits {
                    phase: self.phase,
                    since: event.on,
                    due: self.due,
                });
                self.phase = Phase::Waiting;
            }
            Act::Resume { .. } => {
                if let Some(waits) = self.waits.take() {
                    self.phase = waits.phase;
                }
            }
        }
        // A word on how it goes is the only step a wish for more time outlives.
        if !matches!(event.act, Act::AskExtension { .. } | Act::Progress { .. }) {
            self.asked = None;
        }
        self.due = event.due;
        self.last_on = event.on;
    }

    fn end(&mut self, phase: Phase, on: Date) {
        self.phase = phase;
        self.ended_on = Some(on);
    }
}
