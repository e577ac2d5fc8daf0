//! The append-only record of what was done with a matter, and when.
//!
//! What a reader would get wrong: `record` asks the calendar (was the silence
//! limit over? is the limit still running?), `replay` does not. What was lawful
//! on its day stays on record when a later calendar would judge otherwise.

use std::fmt;

use jiff::civil::Date;

use super::facts::Facts;
use super::reading::{Clock, Due};
use super::{Budget, Terms};
use crate::calendar::{Calendar, CalendarError};

/// The dated acts of one matter at one level, in order (办理台账).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    events: Vec<Event>,
}

impl Ledger {
    /// Rebuilds a ledger from stored events; order and states are checked again.
    pub fn replay(events: impl IntoIterator<Item = Event>) -> Result<Self, Refused> {
        let mut ledger = Self::default();
        for event in events {
            let refused = |why| Refused::new(&event, why);
            ledger.check_order(&event).map_err(refused)?;
            ledger.events.push(event);
        }
        Ok(ledger)
    }

    /// Appends what was done on `event.on`, or says why it cannot have been.
    ///
    /// `today` is the day of recording: an act may be entered late, not early.
    pub fn record(
        &mut self,
        event: Event,
        terms: &Terms,
        calendar: &Calendar,
        today: Date,
    ) -> Result<(), Refused> {
        let checked = if event.on > today {
            Err(Why::InFuture { today })
        } else {
            self.check_order(&event)
                .and_then(|()| self.check_limits(&event, terms, calendar))
        };
        checked.map_err(|why| Refused::new(&event, why))?;
        self.events.push(event);
        Ok(())
    }

    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// Returns where the matter stood at the end of `as_of`.
    ///
    /// Silence is not looked at here: that needs a calendar, see [`Ledger::read`].
    pub fn phase(&self, as_of: Date) -> Phase {
        Facts::of(&self.events, as_of).phase()
    }

    fn check_order(&self, event: &Event) -> Result<(), Why> {
        if let Some(last) = self.events.last()
            && event.on < last.on
        {
            return Err(Why::BeforeLast {
                last: last.on,
                act: last.act.name(),
            });
        }
        let facts = Facts::of(&self.events, Date::MAX);
        if let Some(first) = facts.done_before(&event.act) {
            return Err(Why::Twice { first });
        }
        let phase = facts.phase();
        if !phase.allows(&event.act, &facts) {
            return Err(Why::NotNow { phase });
        }
        if let Act::Extended {
            approver, reason, ..
        } = &event.act
            && (approver.trim().is_empty() || reason.trim().is_empty())
        {
            return Err(Why::Unexplained);
        }
        Ok(())
    }

    fn check_limits(&self, event: &Event, terms: &Terms, calendar: &Calendar) -> Result<(), Why> {
        calendar.day(event.on)?;
        let facts = Facts::of(&self.events, event.on);
        if let (Phase::InReview, Some(received)) = (facts.phase(), facts.received) {
            check_silence(event, received, terms, calendar)?;
        }
        match event.act {
            Act::Extended { limit, days, .. } => {
                self.check_extension(event.on, limit, days, terms, calendar)
            }
            _ => Ok(()),
        }
    }

    /// 行政许可法 art. 42: who cannot decide within the limit may extend it, so
    /// an extension comes before the limit has ended, and once.
    fn check_extension(
        &self,
        on: Date,
        limit: Clock,
        days: u32,
        terms: &Terms,
        calendar: &Calendar,
    ) -> Result<(), Why> {
        let reading = match limit {
            Clock::Statutory | Clock::Promised => self.read(limit, terms, calendar, on)?,
            Clock::Forwarding | Clock::Delivery => None,
        };
        let Some(reading) = reading else {
            return Err(Why::NotExtendable { limit });
        };
        if days == 0 || days > terms.max_extension {
            let longest = terms.max_extension;
            return Err(Why::ExtensionLength { longest });
        }
        match reading.due {
            Due::On(due_on) if on > due_on => Err(Why::AfterDue { due_on }),
            _ => Ok(()),
        }
    }
}

/// Acts that suppose acceptance need it; acts before acceptance come too late after it.
fn check_silence(
    event: &Event,
    received: Date,
    terms: &Terms,
    calendar: &Calendar,
) -> Result<(), Why> {
    calendar.day(received)?;
    // Beyond the known years it is later than `event.on`, which is known.
    let silence_ends = calendar.add_working_days(received, terms.silence).ok();
    match (&event.act, silence_ends.filter(|end| event.on > *end)) {
        (Act::CorrectionAsked | Act::Accepted, Some(silence_ends)) => Err(Why::AcceptedBySilence {
            received,
            silence_ends,
        }),
        (Act::Suspended { .. } | Act::Extended { .. } | Act::Decided, None) => Err(Why::NotNow {
            phase: Phase::InReview,
        }),
        _ => Ok(()),
    }
}

/// One act and its day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub on: Date,
    pub act: Act,
}

impl Event {
    pub const fn new(on: Date, act: Act) -> Self {
        Self { on, act }
    }
}

/// What can be done with a matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// The application came in (收件).
    Received,
    /// All defects were named, once (一次性告知补正).
    CorrectionAsked,
    /// All corrected papers are in; the clock starts here (补正材料交齐).
    Corrected,
    /// The application was accepted (受理).
    Accepted,
    /// A special procedure began whose time is not counted, up to its own
    /// bound (特别程序). 行政许可法 art. 45: the time needed is not counted and
    /// the applicant is told in writing how long it will be.
    Suspended {
        procedure: SpecialProcedure,
        bound: Budget,
    },
    /// The special procedure ended (恢复计时).
    Resumed,
    /// The limit was made longer, with whose approval and why (延长期限).
    Extended {
        limit: Clock,
        days: u32,
        approver: String,
        reason: String,
    },
    /// Sent up to the level that decides; this level's clock ends (转报).
    Forwarded,
    /// Granted or refused; the clock ends (决定).
    Decided,
    /// The decision reached the applicant (送达).
    Delivered,
}

impl Act {
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Received => "receipt",
            Self::CorrectionAsked => "request for correction",
            Self::Corrected => "correction",
            Self::Accepted => "acceptance",
            Self::Suspended { .. } => "suspension",
            Self::Resumed => "resumption",
            Self::Extended { .. } => "extension",
            Self::Forwarded => "forwarding",
            Self::Decided => "decision",
            Self::Delivered => "delivery",
        }
    }
}

/// Procedures whose time does not count.
///
/// The first eight are the list of 行政许可法 art. 45 (听证、招标、拍卖、检验、
/// 检测、检疫、鉴定、专家评审); the others are excluded by the rules of single
/// matters, so the catalogue says which of them a matter may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SpecialProcedure {
    Hearing,
    Tender,
    Auction,
    Inspection,
    Testing,
    Quarantine,
    Appraisal,
    ExpertReview,
    /// Assessment by a commissioned body (委托评估、技术评审).
    CommissionedAssessment,
    /// Notice to the public with time for objections (公示).
    PublicNotice,
    /// A higher level has to act first (上级审批环节).
    HigherLevel,
    /// All is decided but for papers the applicant promised to hand in (容缺).
    DeferredDocuments,
}

/// Where a matter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    NotReceived,
    InReview,
    AwaitingCorrection,
    Running,
    Suspended,
    Forwarded,
    Decided,
    Delivered,
}

impl Phase {
    fn allows(self, act: &Act, facts: &Facts) -> bool {
        match self {
            Self::NotReceived => matches!(act, Act::Received),
            // Suspending, extending, deciding suppose acceptance, which silence gives:
            // `check_limits` asks the calendar whether it did.
            Self::InReview => !matches!(act, Act::Corrected | Act::Resumed | Act::Delivered),
            Self::AwaitingCorrection => matches!(act, Act::Corrected),
            Self::Running => match act {
                // The notice of acceptance after a correction; the clock started before it.
                Act::Accepted => facts.corrected.is_some() && !facts.acted,
                Act::Suspended { .. } | Act::Extended { .. } => true,
                _ => matches!(act, Act::Forwarded | Act::Decided),
            },
            Self::Suspended => matches!(act, Act::Resumed),
            Self::Forwarded => matches!(act, Act::Decided),
            Self::Decided => matches!(act, Act::Delivered),
            Self::Delivered => false,
        }
    }

    const fn description(self) -> &'static str {
        match self {
            Self::NotReceived => "nothing has been received",
            Self::InReview => "the application has not been accepted yet",
            Self::AwaitingCorrection => "the applicant has been asked for corrections",
            Self::Running => "the application has been accepted and the clock is running",
            Self::Suspended => "a special procedure is going on; resume first",
            Self::Forwarded => "the matter has been sent up and is decided there",
            Self::Decided => "the matter has been decided",
            Self::Delivered => "the decision has been delivered and the matter is closed",
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.description())
    }
}

/// An act that cannot go on record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{act} on {on} refused: {why}")]
pub struct Refused {
    pub act: &'static str,
    pub on: Date,
    pub why: Why,
}

impl Refused {
    fn new(event: &Event, why: Why) -> Self {
        let (on, act) = (event.on, event.act.name());
        Self { act, on, why }
    }
}

/// Why an act cannot go on record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    #[error("the {act} of {last} is later; acts are recorded in order")]
    BeforeLast { last: Date, act: &'static str },
    #[error("it is {today} today; what has not happened cannot be recorded")]
    InFuture { today: Date },
    #[error("it was done on {first} already and can be done once")]
    Twice { first: Date },
    #[error("{phase}")]
    NotNow { phase: Phase },
    #[error(
        "nothing was said until {silence_ends}, so the application counts as accepted \
         on {received}, the day it was received (行政许可法 art. 32)"
    )]
    AcceptedBySilence { received: Date, silence_ends: Date },
    #[error("the limit ended on {due_on}; it can be extended only before (行政许可法 art. 42)")]
    AfterDue { due_on: Date },
    #[error("an extension is 1 to {longest} days long")]
    ExtensionLength { longest: u32 },
    #[error("an extension names who approved it and why")]
    Unexplained,
    #[error("the {limit} limit cannot be extended here")]
    NotExtendable { limit: Clock },
    #[error(transparent)]
    Calendar(#[from] CalendarError),
}
