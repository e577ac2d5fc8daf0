//! Whether a step may be taken now, and what it comes to.
//!
//! What a reader would get wrong: the deadline is made longer once on a level. Who asks for more has a
//! problem that is not solved there, so the wish takes it up, and the level above gives the new date
//! (延期两次即升级). At the top there is nobody to ask.

use gangmu_calendar::{Calendar, CalendarError, WorkingDays};
use jiff::civil::Date;

use super::rules::days_after;
use super::{Act, ActKind, Course, Phase, Rules};
use crate::organisation::{UnitPath, UserId};

/// The most characters of a text.
const MOST: usize = 2_000;

/// A step that may be taken, nothing left open, with the next due date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The step.
    pub act: Act,
    /// By when the next one is due.
    pub due: Option<Date>,
}

/// Why a step may not be taken (不能办理的原因).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Something must be said.
    Unexplained {
        /// The field.
        field: &'static str,
    },
    /// A text is too long.
    TooLong {
        /// The field.
        field: &'static str,
    },
    /// The day lies in the future.
    InFuture,
    /// The day lies before the last step.
    BeforeLast {
        /// The day of the last step.
        last: Date,
    },
    /// A deadline lies before the day it is given on.
    DueBefore,
    /// An extension that makes nothing longer.
    NotLonger {
        /// The deadline now.
        due: Date,
    },
    /// No such kind.
    UnknownKind,
    /// No such grade.
    UnknownGrade,
    /// Not what is to be done now.
    NotNow {
        /// What was asked.
        act: ActKind,
        /// Where it stands.
        phase: Phase,
    },
    /// The deadline was made longer already.
    ExtendedAlready,
    /// There is no level above.
    AtTheTop,
    /// Whoever answered may not pass the answer.
    OwnAnswer,
    /// The calendar does not reach.
    Calendar(CalendarError),
}

impl Refused {
    /// All codes.
    pub const CODES: [&'static str; 13] = [
        "field.missing",
        "field.too_long",
        "problems.refused.in_future",
        "problems.refused.before_last",
        "problems.refused.due_before",
        "problems.refused.not_longer",
        "problems.refused.unknown_kind",
        "problems.refused.unknown_grade",
        "problems.refused.not_now",
        "problems.refused.extended_already",
        "problems.refused.at_the_top",
        "problems.refused.own_answer",
        "problems.refused.calendar",
    ];

    /// Returns the word under which its text stands.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unexplained { .. } => "field.missing",
            Self::TooLong { .. } => "field.too_long",
            Self::InFuture => "problems.refused.in_future",
            Self::BeforeLast { .. } => "problems.refused.before_last",
            Self::DueBefore => "problems.refused.due_before",
            Self::NotLonger { .. } => "problems.refused.not_longer",
            Self::UnknownKind => "problems.refused.unknown_kind",
            Self::UnknownGrade => "problems.refused.unknown_grade",
            Self::NotNow { .. } => "problems.refused.not_now",
            Self::ExtendedAlready => "problems.refused.extended_already",
            Self::AtTheTop => "problems.refused.at_the_top",
            Self::OwnAnswer => "problems.refused.own_answer",
            Self::Calendar(_) => "problems.refused.calendar",
        }
    }

    /// Returns the field it is about; empty for the whole.
    #[must_use]
    pub const fn field(&self) -> &'static str {
        match self {
            Self::Unexplained { field } | Self::TooLong { field } => field,
            Self::InFuture | Self::BeforeLast { .. } => "on",
            Self::DueBefore | Self::NotLonger { .. } => "due_on",
            Self::UnknownKind => "kind",
            Self::UnknownGrade => "grade",
            _ => "",
        }
    }

    /// Returns the values its text names.
    #[must_use]
    pub fn params(&self) -> Vec<String> {
        match self {
            Self::TooLong { .. } => vec![MOST.to_string()],
            Self::BeforeLast { last: day } | Self::NotLonger { due: day } => vec![day.to_string()],
            Self::NotNow { act, phase } => vec![act.word().to_owned(), phase.word().to_owned()],
            Self::Calendar(problem) => vec![problem.to_string()],
            _ => Vec::new(),
        }
    }
}

impl From<CalendarError> for Refused {
    fn from(problem: CalendarError) -> Self {
        Self::Calendar(problem)
    }
}

/// Who does it, when, and where the project stands.
#[derive(Clone, Copy, Debug)]
pub struct Doing<'a> {
    /// Who.
    pub by: UserId,
    /// The day it counts from.
    pub on: Date,
    /// Today.
    pub today: Date,
    /// The unit the problem was raised in.
    pub unit: &'a UnitPath,
}

impl Rules {
    /// Judges the step that raises a problem.
    ///
    /// # Errors
    /// The first thing that stands against it.
    pub fn judge_raise(
        &self,
        kind: &str,
        doing: Doing<'_>,
        calendar: &Calendar,
    ) -> Result<Judged, Refused> {
        if doing.on > doing.today {
            return Err(Refused::InFuture);
        }
        self.kind(kind).ok_or(Refused::UnknownKind)?;
        let to = self.first_seat(doing.unit);
        Ok(Judged {
            act: Act::Raise {
                kind: kind.to_owned(),
                to,
            },
            due: Some(calendar.add_working_days(doing.on, self.accept_within)?),
        })
    }

    /// Judges a step of a problem that has been raised.
    ///
    /// # Errors
    /// The first thing that stands against it.
    pub fn judge(
        &self,
        course: &Course,
        doing: Doing<'_>,
        act: Act,
        calendar: &Calendar,
    ) -> Result<Judged, Refused> {
        if doing.on > doing.today {
            return Err(Refused::InFuture);
        }
        if doing.on < course.last_on {
            let last = course.last_on;
            return Err(Refused::BeforeLast { last });
        }
        check_texts(&act)?;
        if !self.offers(course, doing.unit).contains(&act.kind()) {
            return Err(self.why_not(course, act.kind()));
        }
        let passes = matches!(act, Act::Verify { .. } | Act::StrikeOff { .. });
        if passes && course.is_own_answer(doing.by) {
            return Err(Refused::OwnAnswer);
        }
        let act = self.filled(course, doing, act, calendar)?;
        let due = self.due(course, doing.on, &act, calendar)?;
        match act.kind() {
            // A step up may leave a deadline that has passed as it is: that is why it went up.
            ActKind::HandOver | ActKind::SendBack | ActKind::Extend | ActKind::Resume
                if due.is_some_and(|due| due < doing.on) =>
            {
                Err(Refused::DueBefore)
            }
            _ => Ok(Judged { act, due }),
        }
    }

    /// Lists what may be done next, whoever may do it.
    #[must_use]
    pub fn offers(&self, course: &Course, unit: &UnitPath) -> Vec<ActKind> {
        use ActKind as K;
        let mut offers = match course.phase {
            Phase::Raised => vec![K::Accept, K::Decline],
            Phase::Accepted => vec![K::HandOver],
            Phase::HandedOver => vec![K::Answer, K::Progress, K::HandOver],
            Phase::Answered => vec![K::Verify, K::SendBack],
            Phase::Verified => vec![K::StrikeOff, K::SendBack],
            Phase::Waiting => return vec![K::Resume],
            Phase::StruckOff | Phase::Declined | Phase::Closed => return Vec::new(),
        };
        if course.phase == Phase::HandedOver {
            let once_more = course.extended < self.extensions;
            if course.asked.is_some() {
                offers.push(K::RefuseExtension);
            } else if once_more || self.next_seat(course, unit).is_some() {
                offers.push(K::AskExtension);
            }
            if once_more {
                offers.push(K::Extend);
            }
        }
        let unsolved = matches!(
            course.phase,
            Phase::Raised | Phase::Accepted | Phase::HandedOver
        );
        if unsolved && self.next_seat(course, unit).is_some() {
            offers.push(K::Escalate);
        }
        if matches!(course.phase, Phase::Accepted | Phase::HandedOver) {
            offers.push(K::Wait);
        }
        offers
    }

    fn why_not(&self, course: &Course, act: ActKind) -> Refused {
        let phase = course.phase;
        let unsolved = matches!(phase, Phase::Raised | Phase::Accepted | Phase::HandedOver);
        match act {
            ActKind::AskExtension if course.asked.is_some() => Refused::NotNow { act, phase },
            ActKind::Extend | ActKind::AskExtension if phase == Phase::HandedOver => {
                Refused::ExtendedAlready
            }
            ActKind::Escalate if unsolved => Refused::AtTheTop,
            _ => Refused::NotNow { act, phase },
        }
    }

    /// Fills in what was left to the rules.
    fn filled(
        &self,
        course: &Course,
        doing: Doing<'_>,
        act: Act,
        calendar: &Calendar,
    ) -> Result<Act, Refused> {
        let within = self.grade(&course.grade).map(|grade| grade.within);
        let by_grade = |given: Option<Date>| match given {
            Some(day) => Ok(day),
            None => {
                let within = within.ok_or(Refused::UnknownGrade)?;
                Ok::<_, Refused>(calendar.add_working_days(doing.on, within)?)
            }
        };
        Ok(match act {
            Act::Accept { kind, grade } => {
                self.kind(&kind).ok_or(Refused::UnknownKind)?;
                self.grade(&grade).ok_or(Refused::UnknownGrade)?;
                Act::Accept { kind, grade }
            }
            Act::HandOver {
                to,
                assisting,
                due_on,
                demand,
            } => Act::HandOver {
                to,
                assisting,
                due_on: Some(by_grade(due_on)?),
                demand,
            },
            Act::SendBack { reason, due_on } => Act::SendBack {
                reason,
                due_on: Some(by_grade(due_on)?),
            },
            Act::Escalate {
                reason,
                due_on,
                to: None,
            } => Act::Escalate {
                reason,
                due_on,
                to: Some(
                    self.next_seat(course, doing.unit)
                        .ok_or(Refused::AtTheTop)?,
                ),
            },
            Act::Resume { due_on: None } => Act::Resume {
                due_on: moved(course, doing.on, calendar)?,
            },
            other => other,
        })
    }

    fn due(
        &self,
        course: &Course,
        on: Date,
        act: &Act,
        calendar: &Calendar,
    ) -> Result<Option<Date>, Refused> {
        let after = |days: WorkingDays| calendar.add_working_days(on, days).map(Some);
        Ok(match act {
            Act::Raise { .. } => after(self.accept_within)?,
            Act::Accept { .. } => after(self.hand_over_within)?,
            Act::HandOver { due_on, .. }
            | Act::SendBack { due_on, .. }
            | Act::Resume { due_on } => *due_on,
            Act::Escalate { due_on, .. } => match due_on {
                Some(day) if *day < on => return Err(Refused::DueBefore),
                given => given.or(course.due),
            },
            Act::Extend { due_on, .. } => {
                if let Some(due) = course.due.filter(|due| due_on <= due) {
                    return Err(Refused::NotLonger { due });
                }
                Some(*due_on)
            }
            Act::AskExtension { due_on, .. } => {
                if let Some(due) = course.due.filter(|due| due_on <= due) {
                    return Err(Refused::NotLonger { due });
                }
                course.due
            }
            Act::Progress { .. } | Act::RefuseExtension { .. } => course.due,
            Act::Answer { .. } => after(self.verify_within)?,
            Act::Verify { .. } => after(self.strike_off_within)?,
            Act::Decline { .. } | Act::StrikeOff { .. } | Act::Wait { .. } | Act::Close { .. } => {
                None
            }
        })
    }
}

/// The deadline moved on by the working days that were waited.
fn moved(course: &Course, on: Date, calendar: &Calendar) -> Result<Option<Date>, CalendarError> {
    let Some((since, due)) = course.waits.and_then(|one| Some((one.since, one.due?))) else {
        return Ok(None);
    };
    let left = days_after(calendar, since, due)?;
    calendar.add_working_days(on, WorkingDays(left)).map(Some)
}

fn check_texts(act: &Act) -> Result<(), Refused> {
    for (field, text, needed) in act.texts() {
        if needed && text.trim().is_empty() {
            return Err(Refused::Unexplained { field });
        }
        if text.chars().count() > MOST {
            return Err(Refused::TooLong { field });
        }
    }
    Ok(())
}
