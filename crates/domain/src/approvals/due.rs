//! What the next due date of a matter follows from, whatever project the matter is of.
//!
//! What a reader would get wrong: this is no copy of the acts. Everything that cannot move the date is
//! left out, so that the many matters that came in on one day under one limit have one basis, and a
//! changed calendar moves that and not each of them.

use gangmu_calendar::clock::{self, Clock, Ledger, Reading, State, Terms, Waiting};
use gangmu_calendar::{Calendar, CalendarError, WorkingDays};
use jiff::civil::Date;

use super::course::{Course, Phase, Setup};
use crate::words::words;

words! {
    /// What has to be done by the next due date (下一时限).
    DueFor {
        /// Sending up (转报).
        Forwarding = "forwarding",
        /// Saying whether papers are missing; then silence accepts (受理告知).
        Acceptance = "acceptance",
        /// Deciding, as promised (承诺办结).
        Promised = "promised",
        /// Deciding, as the law asks (法定办结).
        Statutory = "statutory",
        /// Handing in papers that were promised: the applicant's (补齐容缺材料).
        Papers = "papers",
        /// Turning the preliminary opinion into the decision (转正式批复).
        Conversion = "conversion",
        /// Letting the applicant have the decision (送达).
        Delivery = "delivery",
    }
}

/// What a due date follows from (时限依据).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DueBasis {
    /// The clocks of the office that has the matter (办理时限).
    Clocks {
        /// Its limits; what lights and extensions are judged by is left out.
        terms: Terms,
        /// What started, paused and extended its clocks; approvers and reasons are left out.
        acts: Vec<clock::Event>,
        /// The day they are read for: silence accepts some days after the last act.
        on: Date,
    },
    /// So many working days after a day (送达、转正式批复).
    Within {
        /// What has to be done.
        what: DueFor,
        /// How soon.
        days: WorkingDays,
        /// The day, which is not counted.
        of: Date,
    },
    /// The day that papers were promised for (补齐容缺材料).
    Papers {
        /// That day, whatever the calendar says of it.
        on: Date,
    },
}

impl DueBasis {
    /// Returns the due date under a calendar, and what is due; none when nothing limits the matter
    /// or the day lies beyond the known years.
    ///
    /// # Errors
    /// When the calendar does not know a year that has begun.
    pub fn due(&self, calendar: &Calendar) -> Result<Option<(Date, DueFor)>, CalendarError> {
        Ok(match self {
            Self::Clocks { terms, acts, on } => next_of(&read_clocks(acts, terms, calendar, *on)?),
            Self::Within { what, days, of } => {
                let due = match days.0 {
                    0 => calendar.working_day_from(*of),
                    _ => calendar.add_working_days(*of, *days),
                };
                due.ok().map(|due| (due, *what))
            }
            Self::Papers { on } => Some((*on, DueFor::Papers)),
        })
    }

    /// The same as it stands on a later day without another act: silence may have accepted since.
    #[must_use]
    pub fn on_day(&self, day: Date) -> Self {
        let mut later = self.clone();
        if let Self::Clocks { on, .. } = &mut later {
            *on = day.max(*on);
        }
        later
    }

    /// An extension as a basis has it: somebody approved it for some reason.
    #[must_use]
    pub fn extended(limit: Clock, days: u32) -> clock::Act {
        clock::Act::Extended {
            limit,
            days,
            approver: "-".to_owned(),
            reason: "-".to_owned(),
        }
    }
}

impl Setup<'_> {
    /// Returns what the next due date of a matter follows from after its last act; none while nobody
    /// has anything to do by a day.
    #[must_use]
    pub fn due_basis(&self, course: &Course) -> Option<DueBasis> {
        match course.phase() {
            Phase::InReview | Phase::Running | Phase::Suspended => self.clocks_basis(course),
            Phase::Granted | Phase::Refused if course.delivered_on.is_none() => {
                Some(DueBasis::Within {
                    what: DueFor::Delivery,
                    days: self.service.delivery,
                    of: course.outcome.as_ref()?.on,
                })
            }
            Phase::Deferred => Some(DueBasis::Papers {
                on: course.deferred.as_ref()?.promised_on,
            }),
            Phase::Converting => Some(DueBasis::Within {
                what: DueFor::Conversion,
                days: self.service.convert_within,
                of: course.deferred.as_ref()?.complete_on()?,
            }),
            Phase::Granted
            | Phase::Refused
            | Phase::NotNeeded
            | Phase::ToClarify
            | Phase::NotReceived
            | Phase::Correcting
            | Phase::Outside => None,
        }
    }

    fn clocks_basis(&self, course: &Course) -> Option<DueBasis> {
        let leg = course.leg();
        let acts: Vec<clock::Event> = course.ledgers.get(leg)?.iter().map(bare).collect();
        let last = acts.last()?.on;
        Some(DueBasis::Clocks {
            terms: Terms {
                delivery: None,
                max_extension: 0,
                warn_when_left: 0,
                ..self.terms(leg, course)
            },
            // Only silence looks at a day on which nothing was done.
            on: match course.phase() {
                Phase::InReview => course.last_on?,
                _ => last,
            },
            acts,
        })
    }
}

/// An act of a clock without what only people read.
fn bare(event: &clock::Event) -> clock::Event {
    let act = match &event.act {
        clock::Act::Extended { limit, days, .. } => DueBasis::extended(*limit, *days),
        act => act.clone(),
    };
    clock::Event::new(event.on, act)
}

/// Reads every limited clock of one office as of a day.
pub(super) fn read_clocks(
    acts: &[clock::Event],
    terms: &Terms,
    calendar: &Calendar,
    as_of: Date,
) -> Result<Vec<(Clock, Reading)>, CalendarError> {
    let ledger = Ledger::replay(acts.iter().cloned()).unwrap_or_default();
    let mut clocks = Vec::new();
    for clock in Clock::ALL {
        if let Some(reading) = ledger.read(clock, terms, calendar, as_of)? {
            clocks.push((clock, reading));
        }
    }
    Ok(clocks)
}

/// The first of the days by which an office has to do something.
pub(super) fn next_of(clocks: &[(Clock, Reading)]) -> Option<(Date, DueFor)> {
    let running = |wanted: Clock, what: DueFor| {
        let (_, reading) = clocks.iter().find(|(clock, _)| *clock == wanted)?;
        let ended = matches!(reading.state, State::Ended { .. });
        Some((reading.due_on().filter(|_| !ended)?, what))
    };
    [
        silence_of(clocks),
        running(Clock::Forwarding, DueFor::Forwarding),
        running(Clock::Promised, DueFor::Promised),
        running(Clock::Statutory, DueFor::Statutory),
    ]
    .into_iter()
    .flatten()
    .min_by_key(|(day, _)| *day)
}

/// The day on which silence accepts, while nobody has said anything.
fn silence_of(clocks: &[(Clock, Reading)]) -> Option<(Date, DueFor)> {
    clocks.iter().find_map(|(_, reading)| match reading.state {
        State::NotStarted(Waiting::Acceptance { silence_ends }) => {
            silence_ends.map(|day| (day, DueFor::Acceptance))
        }
        _ => None,
    })
}
