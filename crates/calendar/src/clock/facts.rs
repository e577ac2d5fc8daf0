//! What the ledger says as of one day, gathered in one pass.
//!
//! What a reader would get wrong: acceptance need not be an event. It can come
//! from completed corrections, or be proved by a later act that supposes it.

use jiff::civil::Date;

use super::ledger::{Act, Event, Phase, SpecialProcedure};
use super::reading::Clock;
use super::{Budget, Starts};

#[derive(Default)]
pub(super) struct Facts {
    pub received: Option<Date>,
    pub asked: Option<Date>,
    pub corrected: Option<Date>,
    pub accepted: Option<Date>,
    pub suspensions: Vec<Suspension>,
    pub extended: Vec<(Clock, Date, u32)>,
    pub forwarded: Option<Date>,
    pub decided: Option<Date>,
    pub delivered: Option<Date>,
    /// An act that supposes acceptance is on record.
    pub acted: bool,
}

pub(super) struct Suspension {
    pub since: Date,
    pub procedure: SpecialProcedure,
    pub bound: Budget,
    pub resumed: Option<Date>,
}

impl Facts {
    pub fn of(events: &[Event], as_of: Date) -> Self {
        let mut facts = Self::default();
        for event in events.iter().take_while(|event| event.on <= as_of) {
            facts.add(event);
        }
        facts
    }

    fn add(&mut self, event: &Event) {
        let on = event.on;
        match event.act {
            Act::Received => self.received = Some(on),
            Act::CorrectionAsked => self.asked = Some(on),
            Act::Corrected => self.corrected = Some(on),
            Act::Accepted => self.accepted = Some(on),
            Act::Suspended { procedure, bound } => {
                self.acted = true;
                self.suspensions.push(Suspension {
                    since: on,
                    procedure,
                    bound,
                    resumed: None,
                });
            }
            Act::Resumed => {
                if let Some(open) = self.suspensions.last_mut() {
                    open.resumed = Some(on);
                }
            }
            Act::Extended { limit, days, .. } => {
                self.acted = true;
                self.extended.push((limit, on, days));
            }
            Act::Forwarded => self.forwarded = Some(on),
            Act::Decided => {
                // A decision that came back from above supposes nothing here.
                self.acted |= self.forwarded.is_none();
                self.decided = Some(on);
            }
            Act::Delivered => self.delivered = Some(on),
        }
    }

    pub fn phase(&self) -> Phase {
        if self.delivered.is_some() {
            Phase::Delivered
        } else if self.decided.is_some() {
            Phase::Decided
        } else if self.forwarded.is_some() {
            Phase::Forwarded
        } else if self.open_suspension().is_some() {
            Phase::Suspended
        } else if self.accepted.is_some() || self.corrected.is_some() || self.acted {
            Phase::Running
        } else if self.asked.is_some() {
            Phase::AwaitingCorrection
        } else if self.received.is_some() {
            Phase::InReview
        } else {
            Phase::NotReceived
        }
    }

    /// The first time `act` was done, if it may be done only once.
    pub fn done_before(&self, act: &Act) -> Option<Date> {
        match act {
            Act::Received => self.received,
            Act::CorrectionAsked => self.asked,
            Act::Corrected => self.corrected,
            Act::Accepted => self.accepted,
            Act::Forwarded => self.forwarded,
            Act::Decided => self.decided,
            Act::Delivered => self.delivered,
            Act::Extended { limit, .. } => {
                let mut same = self.extended.iter().filter(|(of, _, _)| of == limit);
                same.next().map(|(_, on, _)| *on)
            }
            // A matter may need several procedures, one after the other.
            Act::Suspended { .. } | Act::Resumed => None,
        }
    }

    pub fn open_suspension(&self) -> Option<&Suspension> {
        let last = self.suspensions.last()?;
        last.resumed.is_none().then_some(last)
    }

    pub fn extension_of(&self, clock: Clock) -> u32 {
        let of_this = self.extended.iter().filter(|(limit, _, _)| *limit == clock);
        of_this.fold(0, |sum, (_, _, days)| sum.saturating_add(*days))
    }

    /// The day on which all papers were in.
    pub fn complete(&self) -> Option<Date> {
        match self.asked {
            Some(_) => self.corrected,
            None => self.received,
        }
    }

    /// The day after which days count, if the events alone settle it.
    ///
    /// domain rule: after a correction the day of acceptance is the day on
    /// which the papers were complete (受理日 = 补正材料交齐日).
    pub fn start(&self, starts: Starts) -> Option<Date> {
        match starts {
            Starts::OnReceipt => self.complete(),
            Starts::OnAcceptance if self.asked.is_some() => self.corrected,
            Starts::OnAcceptance if self.accepted.is_some() => self.accepted,
            Starts::OnAcceptance if self.acted => self.received,
            Starts::OnAcceptance => None,
        }
    }
}
